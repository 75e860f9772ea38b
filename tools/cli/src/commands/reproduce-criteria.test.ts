import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Criteria } from "@archgen/experiments";
import { beforeEach, expect, test } from "vitest";
import { writeSampleLabels } from "../../../../libs/pipeline/testing/sample-labels.js";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";

let folder = "";
let args: string[] = [];
beforeEach(async () => {
	folder = temporaryFolder();
	const labels = join(folder, "labels.jsonl");
	await writeSampleLabels(labels, 60);
	const points = join(folder, "points.jsonl");
	args = ["reproduce", "criteria", "--labels", labels, "--points", points, "--restarts", "1", "--step", "1"];
});
const upTo = (from: number, to: number) => [...args, "--from", String(from), "--to", String(to)];

test("fits every K, chooses one and draws the curves", async () => {
	const svg = join(folder, "plots", "criteria.svg");
	const result = await runJson<Criteria>([...upTo(1, 4), "--out", svg]);
	expect(result.points.map(({ components }) => components)).toEqual([1, 2, 3, 4]);
	expect(result.labelledCells).toBe(60);
	expect([1, 2, 3, 4]).toContain(result.chosen);
	const smallest = Math.min(...result.points.map(({ bic }) => bic));
	expect(result.points.find(({ components }) => components === result.smallestBic)!.bic).toBe(smallest);
	const drawn = readFileSync(svg, "utf8");
	expect(drawn).toContain(`K = ${result.chosen}`);
	expect(drawn).toContain("60 labelled cells");
});

test("goes on where it was interrupted, with the points of an undisturbed run", async () => {
	const first = await runJson<Criteria>(upTo(1, 2));
	const { exitCode, stderr } = await run(upTo(1, 3), AbortSignal.abort());
	expect(exitCode).toBe(130);
	expect(stderr).toContain("run the same command again");
	// A killed run may leave half a line.
	writeFileSync(join(folder, "points.jsonl"), '{"comp', { flag: "a" });
	const resumed = await runJson<Criteria>(upTo(1, 3));
	expect(resumed.points.slice(0, 2)).toEqual(first.points);
	const anew = [...upTo(1, 3), "--points", join(folder, "others.jsonl")];
	expect(await runJson<Criteria>(anew)).toEqual(resumed);
});

test("does not mix points of different settings", async () => {
	await runJson(upTo(1, 1));
	const { exitCode, stderr } = await run([...upTo(1, 1), "--seed", "1"]);
	expect(exitCode).toBe(2);
	expect(stderr).toContain("--points");
});
