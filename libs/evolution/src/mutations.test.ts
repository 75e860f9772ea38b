import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MacroDesign } from "./design.js";
import { MAX_MUTATIONS, MUTATIONS, mutate, type Phase } from "./mutations.js";
import { startDraft, startStrides, startVariants } from "./start.js";

const target = { size: 32, classes: 10 };
function start(seed: number): MacroDesign {
	const random = createRandom(seed);
	const draft = startDraft(target, 5, random);
	return { ...draft, stages: draft.stages.map((stage) => ({ ...stage, cell: randomCell(random) })) };
}
const phases = fc.constantFrom<Phase>("exploration", "exploitation");

describe("mutate", () => {
	it("stays in the space and changes only what it says, over chains of mutations", () => {
		fc.assert(
			fc.property(fc.integer(), phases, (seed, phase) => {
				const random = createRandom(seed);
				let design = mutate(start(seed), phase, 5, random).design;
				for (let i = 0; i < 20; i++) {
					const { design: child, mutations } = mutate(design, phase, 5, random);
					expect(mutations.length).toBeGreaterThanOrEqual(1);
					expect(mutations.length).toBeLessThanOrEqual(MAX_MUTATIONS);
					for (const width of [child.finalChannels, ...child.stages.map(({ channels }) => channels)]) {
						expect(width % 8 === 0 && width >= 8 && width <= 1024).toBe(true);
					}
					child.stages.forEach((stage, at) => {
						const touched = new Set(mutations.filter((m) => m.stage === at).map((m) => m.kind));
						const before = design.stages[at]!;
						if (!touched.has("channels")) expect(stage.channels).toBe(before.channels);
						if (!touched.has("stride")) expect(stage.stride).toBe(before.stride);
						if (!touched.has("repeats")) expect(stage.repeats).toBe(before.repeats);
						if (!touched.has("cluster")) expect(stage.cluster).toBe(before.cluster);
						if (!touched.has("cluster") && !touched.has("cell")) expect(stage.cell).toBe(before.cell);
						else expect(stage.cell).toBeNull();
						expect(stage.repeats >= 1 && stage.repeats <= 4 && stage.cluster < 5).toBe(true);
					});
					design = child;
				}
			}),
			{ numRuns: 15 },
		);
	});

	it("keeps the clusters in the second half", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const { design, mutations } = mutate(start(seed), "exploitation", 5, createRandom(seed));
				expect(mutations.some(({ kind }) => kind === "cluster")).toBe(false);
				expect(new Set(design.stages.map(({ cluster }) => cluster)).size).toBe(1);
			}),
		);
	});

	it("draws every kind about equally often, two mutations for about half the children", () => {
		const random = createRandom(1);
		const parent = start(0);
		const children = Array.from({ length: 1500 }, () => mutate(parent, "exploration", 5, random).mutations);
		const more = children.filter(({ length }) => length > 1).length / children.length;
		expect(Math.abs(more - 0.5)).toBeLessThan(0.05);
		const kinds = children.flat().map(({ kind }) => kind);
		for (const kind of Object.keys(MUTATIONS)) {
			const share = kinds.filter((drawn) => drawn === kind).length / kinds.length;
			expect(Math.abs(share - 1 / 6)).toBeLessThan(0.035);
		}
	});

	it("reaches every stride and other repeats, never the same one", () => {
		const random = createRandom(2);
		const stage = start(0).stages[0]!;
		for (let i = 0; i < 50; i++) {
			for (const kind of ["stride", "repeats", "cluster"] as const) {
				const spec = MUTATIONS[kind];
				if (!("stage" in spec)) throw new Error(kind);
				expect(spec.stage(stage, random, 5)[kind]).not.toBe(stage[kind]);
			}
		}
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
