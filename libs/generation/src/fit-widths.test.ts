import { type Constraints, checkConstraints, type MacroSequence, networkOf } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { type Counts, countNetwork, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitWidths, type WidthTask } from "./fit-widths.js";

const target = { size: 64, classes: 10 };
const eighths = (max: number) => fc.integer({ min: 1, max }).map((n) => 8 * n);

const networks: fc.Arbitrary<Omit<WidthTask, "constraints">> = fc
	.record({
		stages: fc.array(
			fc.record({
				cluster: fc.constant(0),
				channels: eighths(24),
				stride: fc.constantFrom(1 as const, 2 as const),
				repeats: fc.integer({ min: 1, max: 3 }),
			}),
			{ minLength: 1, maxLength: 5 },
		),
		finalChannels: eighths(16),
		seed: fc.nat(),
	})
	.map(({ stages, finalChannels, seed }) => ({
		sequence: { stages, finalChannels },
		cells: stages.map((_, i) => randomCell(createRandom(seed).fork(i))),
		target,
	}));

const countOf = ({ sequence, cells }: Pick<WidthTask, "sequence" | "cells">): Counts =>
	countNetwork(networkOf(sequence, cells, target));
const bare = ({ stages }: MacroSequence) => stages.map(({ channels: _, ...stage }) => stage);
const bounded = (counts: Counts, share: number): Constraints => ({
	maxFlopCount: Math.ceil(counts.flopCount * share),
});

describe("widths for a budget", () => {
	test("change nothing else, and the counts are those of the network", () => {
		fc.assert(
			fc.property(networks, fc.double({ min: 0.2, max: 5, noNaN: true }), (task, share) => {
				const constraints = bounded(countOf(task), share);
				const fit = fitWidths({ ...task, constraints });
				expect(bare(fit.sequence)).toEqual(bare(task.sequence));
				expect(fit.counts).toEqual(countOf({ ...task, sequence: fit.sequence }));
				expect(fit.satisfied).toBe(checkConstraints(fit.counts, constraints).satisfied);
			}),
		);
	});

	test("leave no upper bound broken that narrower stages can meet", () => {
		fc.assert(
			fc.property(networks, fc.double({ min: 0.6, max: 2, noNaN: true }), (task, share) => {
				const { stages, finalChannels } = task.sequence;
				const half = stages.map((stage) => ({
					...stage,
					channels: Math.max(8, 8 * Math.round(stage.channels / 16)),
				}));
				const narrow = countOf({ ...task, sequence: { stages: half, finalChannels } });
				const constraints = {
					...bounded(narrow, 1),
					maxParameterCount: Math.ceil(countOf(task).parameterCount * share + narrow.parameterCount),
				};
				expect(fitWidths({ ...task, constraints }).satisfied).toBe(true);
			}),
		);
	});

	test("are never narrower than they were where the bound holds", () => {
		fc.assert(
			fc.property(networks, fc.double({ min: 1, max: 3, noNaN: true }), (task, share) => {
				const constraints = bounded(countOf(task), share);
				const { sequence, counts } = fitWidths({ ...task, constraints });
				sequence.stages.forEach(({ channels }, i) => {
					expect(channels).toBeGreaterThanOrEqual(task.sequence.stages[i]!.channels);
				});
				expect(counts.flopCount).toBeLessThanOrEqual(constraints.maxFlopCount!);
			}),
		);
	});

	test("leave room for no further step of features before the classes, up to 1,024", () => {
		fc.assert(
			fc.property(networks, fc.double({ min: 1, max: 1.9, noNaN: true }), (task, share) => {
				const constraints = bounded(countOf(task), share);
				const { sequence } = fitWidths({ ...task, constraints });
				const { finalChannels } = sequence;
				expect(finalChannels).toBeGreaterThanOrEqual(task.sequence.finalChannels);
				const wider = countOf({ ...task, sequence: { ...sequence, finalChannels: finalChannels + 8 } });
				expect(finalChannels === 1024 || wider.flopCount > constraints.maxFlopCount!).toBe(true);
			}),
		);
	});

	test("give the classes features where these cost little", () => {
		const stages = [16, 24, 40, 80].map((channels) => ({
			cluster: 0,
			channels,
			stride: 2 as const,
			repeats: 2,
		}));
		const cells = stages.map((_, i) => randomCell(createRandom(i)));
		const many = { size: 64, classes: 1000 };
		const task = { sequence: { stages, finalChannels: 8 }, cells, target: many };
		const { macCount, parameterCount } = countNetwork(networkOf(task.sequence, cells, many));
		const roomy = fitWidths({ ...task, constraints: { maxMacCount: 20 * macCount } });
		expect(roomy.sequence.finalChannels).toBeGreaterThanOrEqual(504);
		const tight = fitWidths({ ...task, constraints: { maxParameterCount: parameterCount } });
		expect(tight.sequence.stages).toEqual(stages);
		expect(tight.satisfied).toBe(true);
	});

	test("fill a budget of one and a half times what a usual network costs", () => {
		const stages = [32, 64, 128, 256].map((channels) => ({
			cluster: 0,
			channels,
			stride: 2 as const,
			repeats: 2,
		}));
		const cells = stages.map((_, i) => randomCell(createRandom(i)));
		const task = { sequence: { stages, finalChannels: 256 }, cells, target };
		const constraints = bounded(countOf(task), 1.5);
		const { counts } = fitWidths({ ...task, constraints });
		expect(counts.flopCount / constraints.maxFlopCount!).toBeGreaterThan(0.97);
	});

	test("grow to a lower bound and no further than they must", () => {
		fc.assert(
			fc.property(networks, fc.double({ min: 1, max: 2, noNaN: true }), (task, share) => {
				const minParameterCount = Math.round(countOf(task).parameterCount * share);
				const fit = fitWidths({ ...task, constraints: { minParameterCount } });
				const double = task.sequence.stages.map((stage) => ({ ...stage, channels: 2 * stage.channels }));
				const most = countOf({ ...task, sequence: { ...task.sequence, stages: double } });
				expect(fit.satisfied).toBe(fit.counts.parameterCount >= minParameterCount);
				if (most.parameterCount >= minParameterCount) expect(fit.satisfied).toBe(true);
			}),
		);
	});

	test("stay as written where nothing is bounded", () => {
		fc.assert(
			fc.property(networks, (task) => {
				const fit = fitWidths({ ...task, constraints: {} });
				expect(fit.sequence).toBe(task.sequence);
				expect(fit.satisfied).toBe(true);
			}),
		);
	});
});
