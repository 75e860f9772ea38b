import { createRandom } from "@archgen/random";
import { expect, test } from "vitest";
import { nearest, prototypes } from "./prototypes.js";

const CENTRES = [
	[0, 0],
	[10, 0],
	[0, 10],
	[10, 10],
];
/** Forty points about each of four centres; the first of each forty lies in the middle. */
const points = CENTRES.flatMap(([x, y], k) => {
	const random = createRandom(k);
	return Array.from({ length: 40 }, (_, i) =>
		i === 0 ? [x!, y!] : [x! + 2 * (random.uniform() - 0.5), y! + 2 * (random.uniform() - 0.5)],
	);
});

test("prototypes are samples, one from each group and near its middle", async () => {
	const chosen = await prototypes(points, 4, { random: createRandom(3) });
	expect(chosen.map((index) => Math.floor(index / 40))).toEqual([0, 1, 2, 3]);
	chosen.forEach((index, k) => {
		expect(
			Math.hypot(points[index]![0]! - CENTRES[k]![0]!, points[index]![1]! - CENTRES[k]![1]!),
		).toBeLessThan(0.5);
	});
});

test("there are no more of them than samples, and none twice", async () => {
	const few = [[0], [1], [1], [5]];
	const chosen = await prototypes(few, 10, { random: createRandom(0) });
	expect(new Set(chosen).size).toBe(chosen.length);
	expect(chosen.length).toBeLessThanOrEqual(4);
});

test("the nearest point is the first of equals", () => {
	expect(nearest([[3], [1], [-1]], [0])).toBe(1);
});
