import fc from "fast-check";
import { expect, test } from "vitest";
import { cropAndResize } from "./resize.js";

const side = fc.integer({ min: 1, max: 24 });

test("a constant picture stays what it is, at any size", () => {
	fc.assert(
		fc.property(side, side, side, (height, width, size) => {
			const grey = new Float32Array(3 * height * width).fill(0.5);
			const result = cropAndResize(grey, { height, width }, size);
			expect(result).toHaveLength(3 * size * size);
			for (const value of result) expect(value).toBeCloseTo(0.5, 6);
		}),
	);
});

test("the same size gives the same picture, and a wider one loses its sides", () => {
	const picture = Float32Array.from({ length: 2 * 4 }, (_, i) => i);
	expect([...cropAndResize(picture, { height: 2, width: 4 }, 2)]).toEqual([1, 2, 5, 6]);
});

test("values stay between the least and the greatest of the source, and turning a square turns the result", () => {
	fc.assert(
		fc.property(side, side, fc.infiniteStream(fc.integer({ min: -9, max: 9 })), (from, to, stream) => {
			const picture = Float32Array.from([...stream.take(from * from)]);
			const turned = picture.map((_, i) => picture[(i % from) * from + Math.floor(i / from)]!);
			const result = cropAndResize(picture, { height: from, width: from }, to);
			const other = cropAndResize(turned, { height: from, width: from }, to);
			result.forEach((value, i) => {
				expect(value).toBeGreaterThanOrEqual(Math.min(...picture) - 1e-5);
				expect(value).toBeLessThanOrEqual(Math.max(...picture) + 1e-5);
				expect(other[(i % to) * to + Math.floor(i / to)]).toBeCloseTo(value, 4);
			});
		}),
	);
});

/** Rows of torch.nn.functional.interpolate(x, mode="bilinear", antialias=True), PyTorch 2.15, by their width. */
const RECORDED = {
	2: [1.727272868156433, 9.727272033691406],
	7: [0, 0.5714285373687744, 1.8571431636810303, 4, 7.571429252624512, 12, 16],
};

test("values are those of PyTorch, smaller and larger", () => {
	const squares = Float32Array.from({ length: 25 }, (_, i) => (i % 5) ** 2);
	for (const [size, row] of Object.entries(RECORDED)) {
		const result = cropAndResize(squares, { height: 5, width: 5 }, Number(size));
		row.forEach((value, i) => {
			expect(result[i]).toBeCloseTo(value, 5);
		});
	}
});
