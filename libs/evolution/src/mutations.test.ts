import { createRandom, type Random } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DraftDesign, DraftStage, MacroDesign } from "./design.js";
import { CLUSTER_MEAN_MUTATIONS, MUTATIONS, type MutationKind, mutate, type Phase } from "./mutations.js";
import { startDraft, startStrides, startVariants } from "./start.js";

const target = { size: 32, classes: 10 };
function start(seed: number): MacroDesign {
	const random = createRandom(seed);
	const draft = startDraft(target, 5, random);
	return { ...draft, stages: draft.stages.map((stage) => ({ ...stage, cell: randomCell(random) })) };
}
const phases = fc.constantFrom<Phase>("exploration", "exploitation");

const cells = ({ stages }: { stages: readonly { repeats: number }[] }) =>
	stages.reduce((sum, { repeats }) => sum + repeats, 0);

/** A finished design: what waits for a cell gets a random one. */
function filled({ stages, finalChannels }: DraftDesign, random: Random): MacroDesign {
	return {
		stages: stages.map(({ reference: _, ...stage }) => ({
			...stage,
			cell: stage.cell ?? randomCell(random),
		})),
		finalChannels,
	};
}

describe("mutate", () => {
	it("stays in the space and changes one stage at most, only as it says, over chains of mutations", () => {
		fc.assert(
			fc.property(fc.integer(), phases, (seed, phase) => {
				const random = createRandom(seed);
				let design = start(seed);
				for (let i = 0; i < 30; i++) {
					const { design: child, mutations } = mutate(design, phase, 5, random);
					const kinds = mutations.map(({ kind }) => kind);
					expect(new Set(kinds).size).toBe(kinds.length);
					expect(kinds.length).toBeGreaterThan(0);
					for (const width of [child.finalChannels, ...child.stages.map(({ channels }) => channels)]) {
						expect(width % 8 === 0 && width >= 8 && width <= 1024).toBe(true);
					}
					expect(child.stages.length).toBeGreaterThan(0);
					expect(cells(child)).toBeLessThanOrEqual(20);
					expect(child.stages.every(({ repeats }) => repeats >= 1 && repeats <= 4)).toBe(true);
					if (!kinds.includes("finalChannels")) expect(child.finalChannels).toBe(design.finalChannels);
					const at = mutations.find(({ stage }) => stage !== null)?.stage ?? 0;
					expect(child.stages.slice(0, at)).toEqual(design.stages.slice(0, at));
					const behind = design.stages.length - at - 1;
					expect(child.stages.slice(child.stages.length - behind)).toEqual(design.stages.slice(at + 1));
					const [stage, rest] = child.stages.slice(at, child.stages.length - behind);
					if (stage !== undefined) expectAsSaid(design.stages[at]!, stage, kinds);
					if (rest !== undefined) {
						const { cell, channels, cluster } = design.stages[at]!;
						expect(rest).toMatchObject({ cell, channels, cluster, stride: 1 });
						expect(stage!.repeats).toBe(4);
					}
					design = filled(child, random);
				}
			}),
			{ numRuns: 30 },
		);
	});

	function expectAsSaid(before: DraftStage, after: DraftStage, kinds: readonly MutationKind[]): void {
		for (const field of ["channels", "stride", "repeats", "cluster"] as const) {
			if (!kinds.includes(field)) expect(after[field]).toBe(before[field]);
		}
		const drawn = kinds.includes("cluster") || kinds.includes("cell");
		expect(after.cell).toBe(drawn ? null : before.cell);
	}

	it("keeps clusters while it exploits and draws synonyms of the stage's own cell", () => {
		const random = createRandom(5);
		const parent = start(5);
		const drawn = Array.from({ length: 200 }, () => mutate(parent, "exploitation", 5, random));
		expect(drawn.flatMap(({ mutations }) => mutations).some(({ kind }) => kind === "cluster")).toBe(false);
		const waiting = drawn.flatMap(({ design }) => design.stages.filter(({ cell }) => cell === null));
		expect(waiting.length).toBeGreaterThan(50);
		const own = parent.stages.map(({ cell }) => cell.hash);
		expect(waiting.every(({ reference }) => reference !== undefined && own.includes(reference.hash))).toBe(
			true,
		);
	});

	it("draws from cluster means in both phases as the paper's text has it", () => {
		const random = createRandom(6);
		const drawn = Array.from({ length: 100 }, () =>
			mutate(start(6), "exploitation", 5, random, CLUSTER_MEAN_MUTATIONS),
		);
		const waiting = drawn.flatMap(({ design }) => design.stages.filter(({ cell }) => cell === null));
		expect(waiting.length).toBeGreaterThan(20);
		expect(waiting.some(({ reference }) => reference !== undefined)).toBe(false);
	});

	it("draws every non-empty subset of the kinds equally often", () => {
		const random = createRandom(1);
		const parent = start(0);
		const seen = new Map<string, number>();
		for (let i = 0; i < 6300; i++) {
			const { mutations } = mutate(parent, "exploration", 5, random);
			const key = mutations.map(({ kind }) => kind).join();
			seen.set(key, (seen.get(key) ?? 0) + 1);
		}
		expect(seen.size).toBe(63);
		// χ² with 62 degrees of freedom: 0.1 % lie above 102.
		const chiSquared = [...seen.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
		expect(chiSquared).toBeLessThan(102);
	});

	it("lengthens, removes and splits stages, and never removes the last one", () => {
		const random = createRandom(2);
		const only = { repeats: MUTATIONS.repeats };
		let design: MacroDesign = start(2);
		const counts = new Set<number>();
		for (let i = 0; i < 3000; i++) {
			design = filled(mutate(design, "exploration", 5, random, only).design, random);
			counts.add(design.stages.length);
		}
		expect(counts.has(1)).toBe(true);
		expect(Math.max(...counts)).toBeGreaterThanOrEqual(6);
	});

	it("turns repeats beyond four into a further stage of stride 1, and cells beyond twenty into nothing", () => {
		const stage = { ...start(0).stages[0]!, stride: 2 as const, repeats: 4 };
		const context = { phase: "exploration", clusters: 5, parent: start(0) } as const;
		const up = { ...createRandom(0), pick: () => 2 } as unknown as Random;
		const split = MUTATIONS.repeats.stages(stage, { ...context, random: up, room: 20 });
		expect(split.map(({ repeats, stride }) => [repeats, stride])).toEqual([
			[4, 2],
			[2, 1],
		]);
		expect(MUTATIONS.repeats.stages(stage, { ...context, random: up, room: 5 })[1]?.repeats).toBe(1);
	});

	it("rounds widths down to a multiple of eight", () => {
		const third = { pick: () => 0.667 } as unknown as Random;
		const context = { phase: "exploration", clusters: 5, parent: start(0), room: 20, random: third } as const;
		const stage = { ...start(0).stages[0]!, channels: 32 };
		expect(MUTATIONS.channels.stage(stage, context)).toEqual({ channels: 16 });
		expect(MUTATIONS.channels.stage({ ...stage, channels: 8 }, context)).toEqual({ channels: 8 });
	});
});

describe("start", () => {
	it.each([
		[16, [1, 1, 2, 2]],
		[32, [1, 2, 2, 2]],
		[64, [2, 2, 2, 2]],
		[96, [1, 2, 2, 2]],
		[224, [2, 2, 2, 2]],
		[512, [2, 2, 2, 2]],
	])("strides %d pixels by %j", (size, strides) => {
		expect(startStrides({ size, classes: 10 })).toEqual(strides);
	});

	it("is four stages of one cluster, 8/16/32/64", () => {
		const { stages } = startDraft(target, 32, createRandom(0), 5);
		expect(stages.map(({ cluster, channels, repeats }) => [cluster, channels, repeats])).toEqual([
			[5, 8, 1],
			[5, 16, 1],
			[5, 32, 1],
			[5, 64, 1],
		]);
	});

	it("has variants that start as given and stay in the space", () => {
		const variants = [...startVariants(start(3))];
		expect(variants[0]).toEqual(start(3));
		for (const { stages } of variants) {
			expect(stages.every(({ channels }) => channels % 8 === 0 && channels <= 1024)).toBe(true);
			expect(stages.reduce((sum, { repeats }) => sum + repeats, 0)).toBeLessThanOrEqual(20);
		}
	});
});
