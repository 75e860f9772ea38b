import { readFileSync } from "node:fs";
import { isCellFailure } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import { expect, test } from "vitest";
import { MUTATED_CELLS } from "../testing/mutated-cells.js";
import { generate } from "./generate.js";
import { dependencies } from "./testing.suite.js";

test("the generator of docs/extend/generator.md is the one that the page shows", () => {
	const page = readFileSync(new URL("../../../docs/extend/generator.md", import.meta.url), "utf8");
	expect(page).toContain(readFileSync(new URL("../testing/mutated-cells.ts", import.meta.url), "utf8"));
});

test("it answers every request, equal streams equally", async () => {
	const requests = [{ cluster: 0 }, { cluster: 1, reference: randomCell(createRandom(5)) }];
	const draw = () => MUTATED_CELLS.sample(requests, createRandom(1));
	const cells = await draw();
	expect(cells).toHaveLength(2);
	expect(cells.some(isCellFailure)).toBe(false);
	expect(await draw()).toEqual(cells);
});

test("networks are generated with it within a budget", async () => {
	const constraints = { maxParameterCount: 200_000 };
	const request = { target: { size: 32, classes: 10 }, constraints, candidates: 10, topK: 3, seed: 0 };
	const { networks } = await generate(request, dependencies({ synonyms: MUTATED_CELLS }));
	expect(networks).toHaveLength(3);
	for (const { counts } of networks) expect(counts.parameterCount).toBeLessThanOrEqual(200_000);
});
