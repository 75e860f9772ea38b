import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { type CellJson, cellFromJson, cellToJson, randomCell } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import { expect, test } from "vitest";
import { runJson, temporaryFolder } from "../../test/run-cli.js";

const reference = randomCell(createRandom(4));

function drawn(...args: string[]) {
	const path = join(temporaryFolder(), "cell.json");
	writeFileSync(path, JSON.stringify(cellToJson(reference)));
	return runJson<{ cells: CellJson[]; distances: number[] }>([
		"synonyms",
		"--cell",
		path,
		"--count",
		"12",
		...args,
	]);
}

test("synonyms are distinct cells, nearest first, the same for the same seed and others for another", async () => {
	const { cells, distances } = await drawn("--seed", "1");
	const hashes = cells.map((json) => cellFromJson(json).hash);
	expect(hashes).toHaveLength(12);
	expect(new Set([...hashes, reference.hash]).size).toBe(13);
	expect(distances).toEqual([...distances].sort((a, b) => a - b));
	expect(await drawn("--seed", "1")).toMatchObject({ cells, distances });
	expect((await drawn("--seed", "2")).cells).not.toEqual(cells);
});

test("the flow's cells are nearer than random ones", async () => {
	const [flow, random] = await Promise.all([drawn(), drawn("--generator", "random")]);
	expect(mean(flow.distances)).toBeLessThan(mean(random.distances) / 2);
});
