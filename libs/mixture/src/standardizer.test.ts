import { ZC_LOG, zcDistance } from "@archgen/design";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standardizerFromJson, standardizerToJson } from "./json.js";
import { destandardize, fitStandardizer, standardize } from "./standardizer.js";

const zcRow = fc.tuple(
	// Thousandths: scores of 1e-200, whose squares underflow, do not occur.
	fc.integer({ min: -500_000, max: 1_500_000 }).map((score) => score / 1000),
	fc.double({ min: 0.1, max: 500, noNaN: true }),
	fc.integer({ min: 1, max: 1e8 }),
	fc.integer({ min: 1, max: 1e11 }),
);
const zcRows = fc.array(zcRow, { minLength: 2, maxLength: 30 });

describe("standardizer", () => {
	it("is undone by destandardize, also through JSON", () => {
		fc.assert(
			fc.property(zcRows, (rows) => {
				const fitted = fitStandardizer(rows, { log: ZC_LOG });
				const standardizer = standardizerFromJson(JSON.parse(JSON.stringify(standardizerToJson(fitted))));
				expect(standardizer).toEqual(fitted);
				for (const row of rows) {
					const back = destandardize(standardizer, standardize(standardizer, row));
					back.forEach((value, j) => {
						expect(Math.abs(value - row[j]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(row[j]!)));
					});
				}
			}),
		);
	});

	it("gives every column mean 0 and variance 1, or 0 when constant", () => {
		fc.assert(
			fc.property(zcRows, (rows) => {
				const standardizer = fitStandardizer(rows, { log: ZC_LOG });
				const scores = rows.map((row) => standardize(standardizer, row));
				ZC_LOG.forEach((_, j) => {
					const mean = scores.reduce((sum, row) => sum + row[j]!, 0) / rows.length;
					const variance = scores.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / rows.length;
					expect(Math.abs(mean)).toBeLessThan(1e-3);
					expect(Math.min(variance, Math.abs(variance - 1))).toBeLessThan(1e-3);
				});
			}),
		);
	});

	it("takes logarithms where told", () => {
		const rows = [
			[1, 1],
			[3, Math.E ** 2],
		];
		expect(fitStandardizer(rows, { log: [false, true] })).toEqual({
			log: [false, true],
			mean: [2, 1],
			std: [1, 1],
		});
	});

	it("leaves a constant column alone but for its mean", () => {
		const standardizer = fitStandardizer([[0.1], [0.1], [0.1]], { log: [false] });
		expect(standardizer.std).toEqual([1]);
	});

	it.each([
		["rows", () => fitStandardizer([], { log: [true] }), "INVALID_SAMPLES"],
		["rows[0]", () => fitStandardizer([[1, 2]], { log: [true] }), "INVALID_SAMPLES"],
		["rows[0][0]", () => fitStandardizer([[Number.NaN]], { log: [true] }), "INVALID_SAMPLES"],
		["rows[1][0]", () => fitStandardizer([[1], [0]], { log: [true] }), "NOT_POSITIVE"],
		["scores", () => destandardize({ log: [true], mean: [0], std: [1] }, []), "INVALID_SAMPLES"],
	])("names %s", (field, call, reason) => {
		expect(call).toThrowError(
			expect.objectContaining({ reason, violations: [expect.objectContaining({ field })] }),
		);
	});
});

describe("zcDistance", () => {
	it("is a metric: the L1 norm of the difference", () => {
		expect(zcDistance([1, -2, 3, 0], [0, 0, 0, 0])).toBe(6);
		const vector = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 4, maxLength: 4 });
		fc.assert(
			fc.property(vector, vector, vector, (a, b, c) => {
				expect(zcDistance(a, b)).toBe(zcDistance(b, a));
				expect(zcDistance(a, c)).toBeLessThanOrEqual(zcDistance(a, b) + zcDistance(b, c));
				expect(zcDistance(a, a)).toBe(0);
			}),
		);
	});

	it("names vectors of different length", () => {
		expect(() => zcDistance([1], [1, 2])).toThrow(/must have 1 values/);
	});
});
