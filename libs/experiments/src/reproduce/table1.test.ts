import type { CcnfModel, SampleRequest } from "@archgen/ccnf";
import { syntheticBatch } from "@archgen/datasets";
import { zcRow } from "@archgen/design";
import type { GvaeModel } from "@archgen/gvae";
import { type Mixture, standardize } from "@archgen/mixture";
import { type CellModels, drawCells, type Label } from "@archgen/pipeline";
import type { ScoreReport, ScoreRequest } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { type Cell, countLayers, lowerNetwork, randomCell } from "@archgen/search-space";
import { expect, test } from "vitest";
import { chooseNeighbourhood, diverseEnough, EPSILONS, hardlyFarther } from "./baseline.js";
import { type Draw, randomDraw, uniqueness } from "./draws.js";
import { methodRow } from "./rows.js";
import { ScoredCells } from "./scored-cells.js";
import { summarize, type Table1Task, table1 } from "./table1.js";
import { table1Figures } from "./table1-figures.js";
import { table1Plot } from "./table1-plot.js";
import type { Table1Target } from "./targets.js";

const signal = new AbortController().signal;
const batch = syntheticBatch(createRandom(0), { batch: 2, size: 32, classes: 10 });
const cells = [...drawCells(createRandom(5), 12)].map(({ cell }) => cell);
const standardizer = {
	log: [false, true, true, true],
	mean: [0, 0, 0, 0],
	std: [1, 1, 1, 1],
};

/** Counts stand in for both proxies. */
function scorerThatCounts() {
	const scored: string[] = [];
	const score = async ({ network }: ScoreRequest): Promise<ScoreReport> => {
		const counts = countLayers("layers" in network ? network : lowerNetwork(network));
		scored.push(String(counts.parameterCount));
		const value = (x: number) => ({ ok: true, value: x }) as const;
		return {
			counts,
			layers: [],
			values: { naswot: value(counts.layerCount), snip_ssnr: value(counts.layerCount) },
		};
	};
	return { scored, score };
}

function measuring(scorer = scorerThatCounts(), known: readonly Label[] = []) {
	const kept: Label[] = [];
	return {
		...{ scorer, batch, seed: 0, parallelism: 2, signal, known, kept },
		keep: async (label: Label) => void kept.push(label),
		progress: () => ({ update: () => {}, stop: () => {} }),
	};
}

/** Latents of one number: a cell decodes from the latent's rounded value, and encodes to 0. */
function fakeModels(temperatures: number[] = []): CellModels {
	const gvae = {
		encode: async (list: readonly Cell[]) => new Float32Array(list.length),
		predict: async (latents: Float32Array) => new Float32Array(4 * latents.length).fill(1),
		decode: async (latents: Float32Array) =>
			[...latents].map((value) => ({
				ok: true,
				cell: randomCell(createRandom(1000 + Math.round(10 * value))),
			})),
	} as unknown as GvaeModel;
	const ccnf = {
		sample: async ({ conditions, temperature, random }: SampleRequest) => {
			temperatures.push(temperature);
			return {
				latents: Float32Array.from(conditions, () => temperature * random.normal()),
				evaluations: 1,
			};
		},
	} as unknown as CcnfModel;
	const mixture = {
		weights: [0.5, 0.5],
		means: [
			[10, 2, 10, 15],
			[20, 3, 12, 18],
		],
	} as unknown as Mixture;
	return { gvae, ccnf, mixture, standardizer, identity: "fake" };
}

const draw = (method: Draw["method"], noise: number, ...seeds: (Cell | null)[][]): Draw => ({
	...{ method, noise, seeds },
});

test("uniqueness is the share of distinct cells among a seed's samples, failed ones included", () => {
	const [a, b] = cells as [Cell, Cell];
	expect(uniqueness(draw("ccnf", 0, [a, a, b, null], [a, a, a, a]))).toBe((0.5 + 0.25) / 2);
});

test("a neighbourhood must be as diverse as the flow; of none, the most diverse one stands", () => {
	const [a, b, c] = cells as [Cell, Cell, Cell];
	const draws = [
		draw("neighbourhood", 0.1, [a, a, a]),
		draw("neighbourhood", 0.2, [a, b, a]),
		draw("neighbourhood", 0.4, [a, b, c]),
	];
	const noises = (required: number) => diverseEnough(draws, required).map(({ noise }) => noise);
	expect(noises(2 / 3)).toEqual([0.2, 0.4]);
	expect(noises(1)).toEqual([0.4]);
	expect(diverseEnough(draws.slice(0, 2), 1).map(({ noise }) => noise)).toEqual([0.2]);
});

test("the row of a draw counts cells without vector as failures and measures the distance of the others", async () => {
	const [a, b] = cells as [Cell, Cell];
	const failure = { reason: "SINGULAR_KERNEL", message: "two images look alike" };
	const scored = new ScoredCells(measuring(undefined, [{ index: 0, cell: b, failure }]), standardizer);
	await scored.measure("all", [a, b, null]);
	const { vector, z } = scored.find(a)!;
	expect(z).toEqual(standardize(standardizer, zcRow(vector)));
	const target = z.map((value) => value + 0.5);
	const row = methodRow(draw("ccnf", 0.2, [a, b], [a, null]), scored, target);
	expect(row).toMatchObject({ samples: 4, successes: 2, distinct: 1, uniqueness: 0.5 });
	expect(row.zcDistance.mean).toBeCloseTo(2, 12);
	expect(row.parameterCount).toEqual({ mean: vector.parameterCount, sd: 0 });
	expect(row.seeds.map(({ successes }) => successes)).toEqual([1, 1]);
});

test("known labels are not measured again", async () => {
	const first = measuring();
	await new ScoredCells(first, standardizer).measure("all", [...cells, ...cells]);
	expect(first.scorer.scored).toHaveLength(cells.length);
	const second = measuring(undefined, first.kept);
	await new ScoredCells(second, standardizer).measure("all", cells);
	expect(second.scorer.scored).toHaveLength(0);
});

test("the baseline is the nearest of the neighbourhoods as diverse as the flow", async () => {
	const scored = new ScoredCells(measuring(), standardizer);
	const target = { name: "t", z: [30, 3, 13, 19], centre: new Float32Array(1) } as unknown as Table1Target;
	const sampling = { samples: 8, seeds: 2, seed: 0, signal };
	const { row, trials } = await chooseNeighbourhood(fakeModels(), scored, target, sampling, 0.5);
	expect(trials.map(({ epsilon }) => epsilon)).toEqual(EPSILONS);
	const measured = trials.filter(({ zcDistance }) => zcDistance !== null);
	expect(measured.length).toBeGreaterThan(1);
	expect(measured.every((trial) => trial.uniqueness >= 0.5)).toBe(true);
	expect(trials.find((trial) => trial.uniqueness >= 0.5)).toBe(measured[0]);
	expect(row.zcDistance.mean).toBe(Math.min(...measured.map(({ zcDistance }) => zcDistance!)));
});

test("neighbourhoods are measured that the predictor puts within a twentieth of the nearest", () => {
	const [a] = cells as [Cell];
	const draws = [1, 2, 3, 4].map((noise) => draw("neighbourhood", noise, [a]));
	const noises = (...predicted: number[]) => hardlyFarther(draws, predicted).map(({ noise }) => noise);
	expect(noises(2.11, 2, 2.09, 5)).toEqual([2, 3]);
	expect(noises(2, 2, 2, 2)).toEqual([1, 2, 3, 4]);
	expect(noises(Number.POSITIVE_INFINITY, 3, 4, 5)).toEqual([2]);
});

test("random cells are those of archgen label, seed after seed", () => {
	const { seeds } = randomDraw({ samples: 3, seeds: 2, seed: 7, signal });
	const stream = createRandom(7).fork("cells");
	expect(seeds.flat()).toEqual([0, 1, 2, 3, 4, 5].map((i) => randomCell(stream.fork(i))));
});

test("the table has every target, each seed, and the same numbers when it resumes", async () => {
	const temperatures: number[] = [];
	const first = measuring();
	const task: Table1Task = {
		...{ samples: 4, seeds: 2, seed: 0, signal, references: 2, clusterMeans: true },
		models: fakeModels(temperatures),
		measuring: first,
		temperatures: { reference: 0.2, "cluster mean": 0.4 },
	};
	const result = await table1(task);
	expect(result.tables.map(({ target }) => target.name)).toEqual([
		...["best NATS-Bench cell", "random cell 1", "random cell 2"],
		...["mean of cluster 0", "mean of cluster 1"],
	]);
	expect(temperatures).toEqual([0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.4]);
	for (const { rows } of result.tables) {
		expect(rows.map(({ method }) => method)).toEqual(["random", "neighbourhood", "ccnf"]);
		expect(rows.every(({ seeds, samples }) => seeds.length === 2 && samples === 8)).toBe(true);
	}
	expect(result.tables[0]!.target.z.parameterCount).toBe(1_148_474);
	expect(result.summaries).toEqual(summarize(result.tables));
	expect(result.summaries.map(({ kind, targets }) => [kind, targets])).toEqual([
		["reference", 3],
		["cluster mean", 2],
	]);
	const { bars } = table1Plot(result);
	expect(bars).toHaveLength(5 * 3);
	const { mean: value, sd: error } = result.tables[4]!.rows[2]!.zcDistance;
	expect(bars.at(-1)).toEqual({ category: "mean of cluster 1", group: "ccnf", value, error });
	expect(table1Figures(result)).toMatchObject({
		best: { ccnf: { samples: 8, noise: 0.2, zcDistance: result.tables[0]!.rows[2]!.zcDistance } },
		references: { targets: 3, zcDistance: result.summaries[0]!.zcDistance },
		clusterMeans: { targets: 2, ccnfNearer: result.summaries[1]!.ccnfNearer },
	});
	const again = measuring(undefined, first.kept.slice(0, 7));
	expect(await table1({ ...task, measuring: again })).toEqual(result);
	expect(again.kept).toHaveLength(first.kept.length - 7);
});
