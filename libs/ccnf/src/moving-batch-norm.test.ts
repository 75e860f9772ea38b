import fc from "fast-check";
import { expect, it } from "vitest";
import {
	denormalize,
	identityNormalization,
	logDeterminant,
	movedTowards,
	normalizationOf,
	normalize,
} from "./moving-batch-norm.js";

const D = 3;
const rows = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), {
	minLength: 2 * D,
	maxLength: 10 * D,
});

it("is inverted by denormalize", () => {
	fc.assert(
		fc.property(rows, (values) => {
			const data = Float32Array.from(values.slice(0, values.length - (values.length % D)));
			const norm = normalizationOf(data, D);
			const back = denormalize(norm, normalize(norm, data));
			for (const [i, value] of back.entries()) expect(value).toBeCloseTo(data[i]!, 2);
		}),
	);
});

it("gives each column mean 0 and deviation 1", () => {
	const data = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i) * (1 + (i % D)) + (i % D));
	const again = normalizationOf(normalize(normalizationOf(data, D), data), D);
	for (let column = 0; column < D; column++) {
		expect(again.mean[column]).toBeCloseTo(0, 5);
		expect(again.std[column]).toBeCloseTo(1, 5);
	}
});

it("survives a dimension that never moves", () => {
	const data = Float32Array.from([5, 1, 5, 2, 5, 3]);
	expect([...normalize(normalizationOf(data, 2), data)].every(Number.isFinite)).toBe(true);
});

it("moves by the decay and stays once it has arrived", () => {
	const target = { mean: [2, 0], std: [3, 1] };
	const once = movedTowards(identityNormalization(2), target, 0.1);
	expect(once.mean[0]).toBeCloseTo(0.2);
	expect(once.std[0]! ** 2).toBeCloseTo(0.9 + 0.1 * 9);
	expect(movedTowards(target, target, 0.1).std[0]).toBeCloseTo(3);
});

it("has minus the sum of log deviations as log-determinant", () => {
	expect(logDeterminant({ mean: [0, 0], std: [2, 4] })).toBeCloseTo(-Math.log(8));
});
