import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { aic, bic } from "./information-criteria.js";
import { plateau, selectComponents } from "./select-components.js";

/** A curve whose BIC and AIC are the same numbers. */
const curve = (values: Record<number, number>) =>
	Object.entries(values).map(([components, value]) => ({
		components: Number(components),
		bic: value,
		aic: value,
	}));

describe("plateau", () => {
	it("is the first K with at most 5 % of the gain left", () => {
		expect(plateau(curve({ 4: 1000, 8: 500, 16: 100, 32: 40, 64: 0 }))).toBe(32);
		expect(plateau(curve({ 4: 1000, 8: 500, 16: 100, 32: 40, 64: 0 }), { share: 0.2 })).toBe(16);
	});

	it("waits for the slower of the two criteria", () => {
		const points = [
			{ components: 1, bic: 1000, aic: 1000 },
			{ components: 2, bic: 0, aic: 300 },
			{ components: 3, bic: 20, aic: 0 },
		];
		expect(plateau(points)).toBe(3);
	});

	it("lets BIC decide when it rises before AIC flattens", () => {
		const points = [
			{ components: 1, bic: 1000, aic: 1000 },
			{ components: 2, bic: 0, aic: 300 },
			{ components: 3, bic: 400, aic: 0 },
		];
		expect(plateau(points)).toBe(2);
	});

	it("does not chase differences that are no evidence", () => {
		expect(plateau(curve({ 1: 509, 2: 500, 3: 505 }))).toBe(1);
	});

	it("does not depend on the order of the list, which must not be empty", () => {
		expect(plateau(curve({ 4: 1000, 8: 10, 16: 0 }).reverse())).toBe(8);
		expect(() => plateau([])).toThrow(/at least one/);
	});
});

describe("selectComponents", () => {
	const random = createRandom(11);
	const centres = [
		[0, 0],
		[8, 0],
		[0, 8],
		[8, 8],
	];
	const samples = Array.from({ length: 800 }, (_, n) =>
		centres[n % 4]!.map((value) => value + random.normal()),
	);

	it("finds the number of clusters and reports every candidate", async () => {
		const seen: number[] = [];
		const onCandidate = ({ components }: { components: number }) => seen.push(components);
		const selection = await selectComponents(samples, [6, 1, 2, 3, 4, 5, 4], {
			random,
			restarts: 3,
			onCandidate,
		});
		expect(selection.components).toBe(4);
		expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
		expect(selection.fit.mixture.weights.length).toBe(4);
		for (const candidate of selection.candidates) {
			expect(candidate.bic).toBeCloseTo(bic(candidate.fit.mixture, samples), 6);
			expect(candidate.aic).toBeCloseTo(aic(candidate.fit.mixture, samples), 6);
		}
	});

	it("fits each K alike whatever else is in the list", async () => {
		const options = { random, restarts: 1 };
		const alone = await selectComponents(samples, [3], options);
		const both = await selectComponents(samples, [2, 3], options);
		expect(both.candidates[1]).toEqual(alone.candidates[0]);
	});
});
