import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RANDOM_CELLS } from "@archgen/design";
import { type EvolutionRecord, runEvolution } from "@archgen/evolution";
import { GvaeModel, predictedVectors } from "@archgen/gvae";
import { createRandom } from "@archgen/random";
import { countNetwork, macroNetwork } from "@archgen/search-space";
import {
	countedCells,
	type Exemplar,
	gptNeoParameters,
	readGptNeoConfig,
	readVocabulary,
	type SequenceModel,
	sequenceLoss,
	servedWeights,
	TaskRunner,
	withStageCells,
	writeModelFolder,
} from "@archgen/seqgen";
import { initialize, SessionPool } from "@archgen/tensor-graph";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_CLUSTERS, writeSampleStore } from "../../testing/sample-bundle.js";
import { readMixture, readStageCells } from "../bundle/clusters.js";
import { readKeptExamples } from "../bundle/kept-examples.js";
import { FolderModelStore } from "../store/folder-store.js";
import type { Bundle } from "../store/model-store.js";
import { refreshExamples } from "./examples.js";
import { chooseExemplars, describedCells, nearestExemplars } from "./exemplars.js";
import { reasonsAgainst } from "./promotion-gate.js";
import { HELD_OUT_AFTER, HELD_OUT_BEFORE, refreshSequenceGenerator } from "./refresh.js";
import { examplesToKeep, rehearsed } from "./rehearsal.js";

const STEPS = { steps: 6, batch: 4, warmupSteps: 1, validateEvery: 2, learningRate: 1e-3 };

let folder: string;
let models: Awaited<ReturnType<typeof writeSampleStore>>;
let store: FolderModelStore;
let pool: SessionPool;
let histories: { name: string; records: readonly EvolutionRecord[] }[];
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "archgen-refresh-"));
	models = await writeSampleStore();
	store = new FolderModelStore(models.folder);
	pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	histories = await Promise.all(
		[1, 2, 3].map(async (seed) => ({ name: `job-${seed}`, records: await search(seed) })),
	);
});
afterAll(async () => {
	await pool.close();
	await models.remove();
	await rm(folder, { recursive: true });
});

async function search(seed: number, target = { size: 32, classes: 10 }): Promise<readonly EvolutionRecord[]> {
	const options = {
		target,
		constraints: { maxParameterCount: 200_000 },
		clusters: SAMPLE_CLUSTERS,
		evaluations: 12,
		seed,
	};
	const scorer = {
		score: async (network: Parameters<typeof countNetwork>[0]) =>
			({ ok: true, parts: [countNetwork(network).macCount] }) as const,
	};
	return (await runEvolution(options, { cells: RANDOM_CELLS, scorer })).history;
}

function distinctSequences(records: readonly EvolutionRecord[]): number {
	const withoutCells = ({ design: { stages, finalChannels } }: EvolutionRecord) =>
		JSON.stringify([stages.map(({ cell: _, ...stage }) => stage), finalChannels]);
	return new Set(records.map(withoutCells)).size;
}

const refresh = (version: string, more: object = {}, hooks: object = {}) =>
	refreshSequenceGenerator(
		store,
		pool,
		{ model: "default", version, histories, training: STEPS, ...more },
		{ folder: join(folder, version), ...hooks },
	);

test("a version from histories is the base but for its generator, and is made once", async () => {
	const manifest = await refresh("refreshed-1");
	expect(manifest.trainedOn).toMatchObject({
		data: "none",
		refresh: { base: "1", histories: histories.map(({ name }) => ({ name, records: 12 })) },
	});
	const base = await store.open("default");
	const digest = (files: typeof manifest.files, path: string) =>
		files.find((file) => file.path === path)?.sha256;
	for (const path of ["mixture.json", "ccnf/field.onnx"])
		expect(digest(manifest.files, path)).toBe(digest(base.manifest.files, path));
	const model = "seqgen/onnx/model.onnx";
	expect(digest(manifest.files, model)).not.toBe(digest(base.manifest.files, model));
	// Of each job the better half of the distinct sequences is learned from, and a tenth of that is held out.
	const examples = histories.map(({ records }) => Math.ceil(distinctSequences(records) / 2));
	const total = examples.reduce((sum, count) => sum + count, 0);
	const { "seqgen.validationExamples": heldOut, "seqgen.trainingExamples": learned } = manifest.metrics;
	expect(heldOut).toBe(Math.round(total / 10));
	expect(learned).toBe(total - heldOut!);
	expect(await refresh("refreshed-1")).toEqual(manifest);
	await expect(refresh("refreshed-1", { keep: 1 })).rejects.toMatchObject({ reason: "VERSION_EXISTS" });
});

test("a training that is interrupted goes on to the model that it would have made", async () => {
	const whole = await refresh("whole");
	const abort = new AbortController();
	const onProgress = (step: number) => {
		if (step === 5) abort.abort();
	};
	await expect(refresh("halved", {}, { onProgress, signal: abort.signal })).rejects.toMatchObject({
		reason: "CANCELLED",
	});
	let first = 0;
	const halved = await refresh("halved", {}, { onProgress: (step: number) => (first ||= step) });
	expect(first).toBe(5);
	const sha = ({ files }: typeof whole) => files.map(({ path, sha256 }) => [path, sha256]);
	expect(sha(halved)).toEqual(sha(whole));
});

test("a local GPT-Neo folder is fine-tuned: its sizes, its weights, our tokens", async () => {
	const base = await store.open("default");
	const vocabulary = await readVocabulary(join(base.folder, "seqgen"));
	const model = { ...(await readGptNeoConfig(join(base.folder, "seqgen"))), hidden: 24, layers: 3, heads: 3 };
	const parameters = initialize(gptNeoParameters(model), createRandom(5));
	const pretrained = join(folder, "pretrained");
	await writeModelFolder(pretrained, { vocabulary, model, parameters });
	const training = { ...STEPS, steps: 1, validateEvery: 1, learningRate: 1e-9, weightDecay: 0 };
	await refresh("tuned", { pretrained, training });
	const tuned = await store.open("default", { version: "tuned" });
	expect(await readGptNeoConfig(join(tuned.folder, "seqgen"))).toEqual(model);
	await expect(refresh("none", { pretrained: join(folder, "nothing") })).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
	});
});

test("a refresh goes on from its base: its weights, its tokens, and the examples that it keeps", async () => {
	const first = await refresh("first", { anew: true, histories: histories.slice(0, 2) });
	const base = await store.open("default", { version: "first" });
	const kept = (await readKeptExamples(base))!;
	expect(kept.training).toHaveLength(first.metrics["seqgen.trainingExamples"]!);
	expect(kept.validation).toHaveLength(first.metrics["seqgen.validationExamples"]!);
	const more = { base: "first", histories: histories.slice(2) };
	const { metrics } = await refresh("second", more);
	const alone = await refresh("alone", { ...more, anew: true });
	for (const part of ["training", "validation"] as const)
		expect(metrics[`seqgen.${part}Examples`]).toBe(
			kept[part].length + alone.metrics[`seqgen.${part}Examples`]!,
		);
	const still = { ...STEPS, steps: 1, validateEvery: 1, learningRate: 1e-9, weightDecay: 0 };
	const unmoved = await refresh("unmoved", { ...more, training: still });
	expect(unmoved.metrics[HELD_OUT_AFTER]).toBeCloseTo(unmoved.metrics[HELD_OUT_BEFORE]!, 4);
	expect(alone.metrics[HELD_OUT_AFTER]).toBeUndefined();
});

test("a refresh gets better at a target that it was bad at, and does not forget the others", async () => {
	const training = { ...STEPS, steps: 150, batch: 16, learningRate: 3e-3, validateEvery: 25 };
	const before = await refresh("before", { anew: true, keep: 1, training });
	const other = [{ name: "other", records: await search(9, { size: 96, classes: 500 }) }];
	const after = await refresh("after", { base: "before", keep: 1, histories: other, training });
	const bundles = await Promise.all([before, after].map(({ version }) => store.open("default", { version })));
	const { examples } = await refreshExamples(pool, { histories: other, keep: 1 }, bundles[0]!);
	const losses = await Promise.all(
		bundles.map(async (bundle) =>
			sequenceLoss(pool, await modelOf(bundle), examples.flat(), { dropProbability: 0 }),
		),
	);
	expect(losses[1]!).toBeLessThan(0.8 * losses[0]!);
	expect(after.metrics[HELD_OUT_AFTER]!).toBeLessThan(1.02 * after.metrics[HELD_OUT_BEFORE]!);
	expect(reasonsAgainst(after.metrics, [])).toEqual([]);
});

async function modelOf(bundle: Bundle): Promise<SequenceModel> {
	const folder = join(bundle.folder, "seqgen");
	const [vocabulary, model] = [await readVocabulary(folder), await readGptNeoConfig(folder)];
	return { vocabulary, model, parameters: servedWeights(model, await bundle.read("seqgen/onnx/model.onnx")) };
}

test("what is rehearsed weighs as much as what is new, and of many examples a part is kept", () => {
	const some = (count: number, weight: number) =>
		Array.from({ length: count }, (_, i) => ({
			condition: { classes: i + 2 },
			sequence: { stages: [], finalChannels: 8 },
			weight,
		}));
	const weight = (examples: readonly { weight: number }[]) =>
		examples.reduce((sum, example) => sum + example.weight, 0);
	const fresh = { training: some(10, 3), validation: some(2, 1) };
	const both = rehearsed(fresh, { training: some(90, 1), validation: some(5, 1) });
	expect(both.validation).toHaveLength(7);
	expect(weight(both.training)).toBeCloseTo(2 * weight(fresh.training), 9);
	expect(rehearsed(fresh, undefined)).toEqual(fresh);
	const kept = examplesToKeep({ training: some(5000, 1), validation: some(500, 1) }, createRandom(0));
	expect([kept.training.length, kept.validation.length]).toEqual([4000, 400]);
	expect(new Set(kept.training.map(({ condition }) => condition.classes)).size).toBe(4000);
});

test("histories without a use are refused", async () => {
	await expect(refresh("empty", { histories: [{ name: "none", records: [] }] })).rejects.toMatchObject({
		violations: [expect.objectContaining({ field: "histories" })],
	});
});

test("with exemplars stages name cells of the histories, those nearest to their own, and the next refresh keeps them", async () => {
	const { metrics } = await refresh("exemplars", { exemplars: 6 });
	const made = await store.open("default", { version: "exemplars" });
	const known = await readStageCells(made);
	const { exemplars } = known as { exemplars: readonly Exemplar[] };
	const seen = new Set(
		histories.flatMap(({ records }) =>
			records.flatMap(({ design }) => design.stages.map(({ cell }) => cell.hash)),
		),
	);
	expect(exemplars.length).toBeGreaterThan(1);
	expect(exemplars.length).toBeLessThanOrEqual(6);
	expect(exemplars.every(({ cell }) => seen.has(cell.hash))).toBe(true);
	expect((await readVocabulary(join(made.folder, "seqgen"))).config.clusters).toBe(exemplars.length);
	expect(metrics["seqgen.trainingExamples"]).toBeGreaterThan(0);
	const runner = await TaskRunner.load(join(made.folder, "seqgen"), countedCells(known), 1);
	const constraints = { maxParameterCount: 100_000 };
	const task = { condition: { classes: 10, inputSize: 32 }, constraints, count: 5, temperature: 1, seed: 1n };
	for (const written of await runner.run(task, new AbortController().signal)) {
		const { stages, finalChannels } = withStageCells(written, known, true);
		expect(
			stages.every(({ exemplar, cluster }) => seen.has(exemplar!.hash) && cluster < SAMPLE_CLUSTERS),
		).toBe(true);
		const filled = stages.map((stage) => ({ ...stage, cell: stage.exemplar! }));
		const { parameterCount } = countNetwork(macroNetwork(filled, finalChannels, { size: 32, classes: 10 }));
		expect(parameterCount).toBeLessThanOrEqual(100_000);
	}
	await runner.close();
	await refresh("exemplars-2", { base: "exemplars" });
	expect(await readStageCells(await store.open("default", { version: "exemplars-2" }))).toEqual(known);
});

test("a cell's token is that of the exemplar nearest to it in predicted vectors", async () => {
	const base = await store.open("default");
	const gvae = await GvaeModel.load(pool, join(base.folder, "gvae"));
	const designs = histories[0]!.records;
	const cells = await describedCells(designs, gvae);
	const options = { random: createRandom(1) };
	const exemplars = await chooseExemplars(cells, 5, await readMixture(base), options);
	const tokens = await nearestExemplars(cells, exemplars, gvae);
	exemplars.forEach(({ cell }, i) => {
		expect(tokens.get(cell.hash)).toBe(i);
	});
	const centres = await predictedVectors(
		gvae,
		exemplars.map(({ cell }) => cell),
	);
	const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((x, i) => x - b[i]!));
	for (const { cell } of designs.flatMap(({ design }) => design.stages)) {
		const [own] = await predictedVectors(gvae, [cell]);
		const all = centres.map((centre) => distance(own!, centre));
		expect(all[tokens.get(cell.hash)!]).toBeCloseTo(Math.min(...all), 5);
	}
});
