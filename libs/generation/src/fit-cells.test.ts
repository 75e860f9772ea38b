import {
	type Constraints,
	checkConstraints,
	type MacroSequence,
	type MacroStage,
	networkOf,
} from "@archgen/design";
import { createRandom } from "@archgen/random";
import { type Cell, countNetwork, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitCells } from "./fit-cells.js";

const CLUSTERS = 4;
const target = { size: 32, classes: 10 };
const cellOf = (seed: number) => randomCell(createRandom(seed));
/** Five cells of each cluster. */
const POOL = Array.from({ length: CLUSTERS }, (_, cluster) =>
	Array.from({ length: 5 }, (_, i) => cellOf(10 * cluster + i)),
);
const alternatives = ({ cluster }: Pick<MacroStage, "cluster">) => POOL[cluster]!;

const sequences: fc.Arbitrary<MacroSequence> = fc.record({
	stages: fc.array(
		fc.record({
			cluster: fc.nat(CLUSTERS - 1),
			channels: fc.integer({ min: 1, max: 8 }).map((eighths) => 8 * eighths),
			stride: fc.constantFrom(1 as const, 2 as const),
			repeats: fc.integer({ min: 1, max: 3 }),
		}),
		{ minLength: 1, maxLength: 4 },
	),
	finalChannels: fc.constant(32),
});
const countOf = (sequence: MacroSequence, cells: readonly Cell[]) =>
	countNetwork(networkOf(sequence, cells, target));
const drawFor = ({ stages }: MacroSequence, seed: number) => {
	const random = createRandom(seed);
	return stages.map(({ cluster }) => random.pick(POOL[cluster]!));
};

describe("cells for a sequence", () => {
	test("are those that were drawn where these meet the constraints", () => {
		fc.assert(
			fc.property(sequences, fc.nat(), (sequence, seed) => {
				const cells = drawFor(sequence, seed);
				const { flopCount } = countOf(sequence, cells);
				const constraints = { maxFlopCount: flopCount, minFlopCount: flopCount };
				expect(fitCells({ sequence, cells, alternatives, target, constraints }).cells).toEqual(cells);
			}),
		);
	});

	test("come from their clusters and never fit worse than those that were drawn", () => {
		fc.assert(
			fc.property(
				sequences,
				fc.nat(),
				fc.double({ min: 0.3, max: 1.5, noNaN: true }),
				(sequence, seed, share) => {
					const cells = drawFor(sequence, seed);
					const counts = countOf(sequence, cells);
					const constraints: Constraints = {
						maxFlopCount: Math.round(counts.flopCount * share),
						maxParameterCount: Math.round(counts.parameterCount * share),
						minMacCount: Math.round((counts.macCount * share) / 2),
					};
					const { cells: fitted, counts: exact } = fitCells({
						sequence,
						cells,
						alternatives,
						target,
						constraints,
					});
					expect(exact).toEqual(countOf(sequence, fitted));
					sequence.stages.forEach(({ cluster }, i) => {
						expect(POOL[cluster]).toContainEqual(fitted[i]);
					});
					const excess = (of: readonly Cell[]) => checkConstraints(countOf(sequence, of), constraints).excess;
					expect(excess(fitted)).toBeLessThanOrEqual(excess(cells));
				},
			),
		);
	});

	test.each(["budgetCell", "exemplar"])("meet every upper bound that those given as %s meet", (name) => {
		fc.assert(
			fc.property(sequences, fc.nat(), fc.nat(), (bare, seed, budgetSeed) => {
				const budgetCells = drawFor(bare, budgetSeed);
				const stages = bare.stages.map((stage, i) => ({ ...stage, [name]: budgetCells[i]! }));
				const sequence = { ...bare, stages };
				const { flopCount, macCount, parameterCount } = countOf(sequence, budgetCells);
				const constraints = {
					maxFlopCount: flopCount,
					maxMacCount: macCount,
					maxParameterCount: parameterCount,
				};
				const task = { sequence, cells: drawFor(bare, seed), target, constraints };
				const { cells: fitted } = fitCells({ ...task, alternatives: () => [] });
				expect(checkConstraints(countOf(sequence, fitted), constraints).violated).toEqual([]);
			}),
		);
	});

	test("use the bound as far as one change can", () => {
		const sequence: MacroSequence = {
			stages: [{ cluster: 0, channels: 32, stride: 1, repeats: 1 }],
			finalChannels: 32,
		};
		const sorted = [...POOL[0]!].sort(
			(a, b) => countOf(sequence, [a]).flopCount - countOf(sequence, [b]).flopCount,
		);
		const maxFlopCount = countOf(sequence, [sorted[3]!]).flopCount;
		const task = { sequence, cells: [sorted[4]!], alternatives, target };
		expect(fitCells({ ...task, constraints: { maxFlopCount } }).cells).toEqual([sorted[3]]);
	});
});
