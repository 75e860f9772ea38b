import { createRandom } from "@archgen/random";
import { type Cell, missingHalvings, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countBounded } from "./constraints.js";
import { type FilledSequence, fitDepth } from "./fit-depth.js";
import { networkOf } from "./macro-sequence.js";

const target = { size: 64, classes: 10 };
const cells = Array.from({ length: 24 }, (_, seed) => randomCell(createRandom(seed)));

const written: fc.Arbitrary<FilledSequence> = fc
	.array(
		fc.record({
			cell: fc.constantFrom(...cells),
			stride: fc.constantFrom(1 as const, 2 as const),
			repeats: fc.integer({ min: 1, max: 4 }),
		}),
		{ minLength: 1, maxLength: 5 },
	)
	.map((stages) => ({
		sequence: {
			stages: stages.map(({ stride, repeats }) => ({ cluster: 0, channels: 16, stride, repeats })),
			finalChannels: 32,
		},
		cells: stages.map(({ cell }) => cell),
	}));

const depthOf = ({ sequence, cells: own }: FilledSequence) =>
	countBounded(networkOf(sequence, own, target), { maxDepth: 1 }).depth!;

const fit = (filled: FilledSequence, maxDepth?: number) =>
	fitDepth(filled, { target, maxDepth, alternatives: () => cells });

describe("depth that is allowed", () => {
	it("is kept wherever one shallow cell alone keeps it, and stages that halve go last", () => {
		const alone = Math.min(...cells.map((cell) => depthOf(filledWith([cell], 1, 2))));
		fc.assert(
			fc.property(written, fc.integer({ min: alone, max: 120 }), (filled, maxDepth) => {
				const fitted = fit(filled, maxDepth);
				expect(depthOf(fitted)).toBeLessThanOrEqual(maxDepth);
				const lost = halvings(filled) - halvings(fitted);
				if (lost > 0) expect(fitted.sequence.stages.every(({ stride }) => stride === 2)).toBe(true);
			}),
		);
	});

	it("keeps the halvings that dense prediction needs", () => {
		const dense = { size: 64, classes: 2, task: "dense", outputStride: 8 } as const;
		const filled = filledWith(cells.slice(0, 4), 2, 2);
		const fitted = fitDepth(filled, { target: dense, maxDepth: 4 });
		expect(missingHalvings(fitted.sequence.stages, dense)).toBe(
			missingHalvings(filled.sequence.stages, dense),
		);
	});

	it("changes nothing that is shallow enough, and nothing without a bound", () => {
		fc.assert(
			fc.property(written, (filled) => {
				expect(fit(filled)).toBe(filled);
				expect(fit(filled, depthOf(filled))).toBe(filled);
			}),
		);
	});

	it("takes no more than it must: one layer less allowed takes one repeat", () => {
		const filled = filledWith([cells[0]!], 3);
		expect(fit(filled, depthOf(filled) - 1).sequence.stages[0]!.repeats).toBe(2);
	});
});

const halvings = ({ sequence }: FilledSequence) =>
	sequence.stages.filter(({ stride }) => stride === 2).length;

function filledWith(own: Cell[], repeats = 1, stride: 1 | 2 = 1): FilledSequence {
	const stages = own.map(() => ({ cluster: 0, channels: 16, stride, repeats }));
	return { sequence: { stages, finalChannels: 32 }, cells: own };
}
