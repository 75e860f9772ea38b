import { createRandom } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import { expect, test } from "vitest";
import { drawDistinct } from "./synonyms.js";

const reference = randomCell(createRandom(0));
const predict = async (cells: readonly Cell[]) => cells.map(({ operations }) => [operations.length, 0]);

test("synonyms are distinct, without the reference, nearest first, and follow the seed", async () => {
	const draw = async (count: number, random: ReturnType<typeof createRandom>) =>
		Array.from({ length: count }, (_, i) => [null, reference, randomCell(random.fork(i >> 2))][i % 3]!);
	const ask = (seed: number) => drawDistinct({ reference, count: 40, seed }, { draw, predict });
	const found = await ask(1);
	expect(found).toHaveLength(40);
	expect(new Set([reference.hash, ...found.map(({ cell }) => cell.hash)]).size).toBe(41);
	const distances = found.map(({ cell }) => Math.abs(cell.operations.length - reference.operations.length));
	expect(found.map(({ distance }) => distance)).toEqual(distances.sort((a, b) => a - b));
	expect(await ask(1)).toEqual(found);
	expect(await ask(2)).not.toEqual(found);
});

test("a generator that only repeats itself is given up", async () => {
	const other = randomCell(createRandom(1));
	let draws = 0;
	const draw = async () => {
		draws += 1;
		return [other, reference, null];
	};
	const found = await drawDistinct({ reference, count: 3, seed: 0 }, { draw, predict });
	expect(found.map(({ cell }) => cell.hash)).toEqual([other.hash]);
	expect(draws).toBe(20);
});
