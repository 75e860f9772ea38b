import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { hypervolume } from "./hypervolume.js";

const coordinates = (dimensions: number) =>
	fc.array(fc.double({ min: -0.3, max: 1, noNaN: true }), { minLength: dimensions, maxLength: dimensions });

it("of two boxes in the plane is their union", () => {
	expect(
		hypervolume(
			[
				[2, 1],
				[1, 3],
			],
			[0, 0],
		),
	).toBe(2 + 3 - 1);
	expect(hypervolume([[5, 5]], [4, 3])).toBe(2);
	expect(hypervolume([[5, 3]], [4, 3])).toBe(0);
	expect(hypervolume([], [0, 0, 0])).toBe(0);
});

it("is that of inclusion and exclusion, in one to four dimensions", () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 4 }).chain((d) => fc.array(coordinates(d), { minLength: 1, maxLength: 6 })),
			(points) => {
				const d = points[0]!.length;
				let expected = 0;
				for (let subset = 1; subset < 2 ** points.length; subset++) {
					const chosen = points.filter((_, i) => (subset >> i) & 1);
					let box = 1;
					for (let k = 0; k < d; k++) box *= Math.max(0, Math.min(...chosen.map((p) => p[k]!)));
					expected += chosen.length % 2 === 1 ? box : -box;
				}
				expect(hypervolume(points, new Array<number>(d).fill(0))).toBeCloseTo(expected, 10);
			},
		),
	);
});

it("never falls when a point comes, and stays where the point is dominated", () => {
	const random = createRandom(3);
	const points = Array.from({ length: 40 }, () => [random.uniform(), random.uniform(), random.uniform()]);
	const zero = [0, 0, 0];
	points.forEach((point, i) => {
		const before = hypervolume(points.slice(0, i), zero);
		const after = hypervolume(points.slice(0, i + 1), zero);
		expect(after).toBeGreaterThanOrEqual(before - 1e-12);
		const lesser = point.map((x) => x * 0.9);
		expect(hypervolume([...points.slice(0, i + 1), lesser], zero)).toBeCloseTo(after, 12);
	});
});
