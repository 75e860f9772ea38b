import { createRandom } from "@archgen/random";
import { countNetwork, macroNetwork, randomCell, stemStride, validateNetwork } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkConstraints, constraintViolations, validateConstraints } from "./constraints.js";
import { smallestNetwork } from "./macro-network.js";

const COUNTS = ["parameterCount", "macCount", "flopCount"] as const;
const target = { size: 32, classes: 10 };
const counts = { parameterCount: 100, macCount: 1000, flopCount: 2500, layerCount: 3 };
const targets = fc.record({
	size: fc.integer({ min: 16, max: 512 }),
	classes: fc.integer({ min: 2, max: 100_000 }),
});

describe("checkConstraints", () => {
	it("treats bounds as inclusive and reports slack in units and relatively", () => {
		const check = checkConstraints(counts, { maxParameterCount: 100, minMacCount: 1000, maxFlopCount: 5000 });
		expect(check.satisfied).toBe(true);
		expect(check.margins).toEqual({
			maxParameterCount: { limit: 100, value: 100, slack: 0, relative: 0 },
			minMacCount: { limit: 1000, value: 1000, slack: 0, relative: 0 },
			maxFlopCount: { limit: 5000, value: 2500, slack: 2500, relative: 0.5 },
		});
	});

	it("names what is broken, the worst first, and adds up the excess", () => {
		const check = checkConstraints(counts, { maxParameterCount: 80, minFlopCount: 5000, maxMacCount: 1000 });
		expect(check).toMatchObject({ satisfied: false, violated: ["minFlopCount", "maxParameterCount"] });
		expect(check.excess).toBeCloseTo(0.25 + 0.5);
	});
});

describe("constraintViolations", () => {
	it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses the budget %d", (limit) => {
		expect(constraintViolations({ maxFlopCount: limit }, target)).toEqual([
			expect.objectContaining({ field: "constraints.maxFlopCount" }),
		]);
	});

	it("refuses contradicting bounds", () => {
		const contradiction = { minMacCount: 2_000_000, maxMacCount: 1_000_000 };
		expect(() => validateConstraints(contradiction, target, "request")).toThrow(
			expect.objectContaining({
				category: "INVALID_ARGUMENT",
				reason: "INVALID_CONSTRAINTS",
				violations: [expect.objectContaining({ field: "request.maxMacCount" })],
			}),
		);
		validateConstraints({ minMacCount: 1_000_000, maxMacCount: 1_000_000 }, target);
	});

	it("accepts exactly the smallest network and names it one below", () => {
		fc.assert(
			fc.property(targets, fc.constantFrom(...COUNTS), (target, count) => {
				const least = countNetwork(smallestNetwork(target))[count];
				const name = `max${count[0]!.toUpperCase()}${count.slice(1)}`;
				expect(constraintViolations({ [name]: least }, target)).toEqual([]);
				const [violation] = constraintViolations({ [name]: least - 1 }, target);
				expect(violation!.description).toContain(String(least));
			}),
			{ numRuns: 30 },
		);
	});
});

describe("smallestNetwork", () => {
	it("is a network of the space", () => {
		fc.assert(
			fc.property(targets, (target) => void validateNetwork(smallestNetwork(target))),
			{ numRuns: 50 },
		);
	});

	it("is below every random network in every count", () => {
		fc.assert(
			fc.property(targets, fc.integer(), (target, seed) => {
				const random = createRandom(seed);
				const stages = Array.from({ length: 1 + random.integer(5) }, () => ({
					channels: 8,
					stride: random.pick([1, 2] as const),
					repeats: 1,
					cell: randomCell(random),
				}));
				const found = countNetwork(macroNetwork(stages, 8, target));
				const least = countNetwork(smallestNetwork(target));
				for (const count of COUNTS) expect(found[count]).toBeGreaterThanOrEqual(least[count]);
			}),
		);
	});

	it("is below every network of up to three pooling stages, whatever the strides", () => {
		// The cheapest competitors: average pools of width 8, and stages that only pass their input on.
		const pool = smallestNetwork(target).stages[0]!;
		const nothing = { ...pool, cell: { operations: [], edges: [[0, 1]] as const, hash: "01" } };
		const choices = [pool, nothing].flatMap((stage) =>
			[1, 2].map((stride) => ({ ...stage, stride: stride as 1 | 2 })),
		);
		const least = countNetwork(smallestNetwork(target));
		const families = choices.flatMap((a) => [
			[a],
			...choices.flatMap((b) => [[a, b], ...choices.map((c) => [a, b, c])]),
		]);
		for (const stages of families) {
			const found = countNetwork(macroNetwork(stages, 8, target));
			for (const count of COUNTS) expect(found[count]).toBeGreaterThanOrEqual(least[count]);
		}
	});

	it("matches the closed form of its parameters", () => {
		// Stem 216 + 16, head 16 + 64 + 16, classifier 9 for each class; pooling stages have none.
		expect(countNetwork(smallestNetwork({ size: 224, classes: 1000 })).parameterCount).toBe(328 + 9 * 1000);
	});
});

it("strides in the stem above 64 pixels only", () => {
	expect([16, 32, 64, 65, 224, 512].map(stemStride)).toEqual([1, 1, 1, 2, 2, 2]);
});
