import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { recordToLine } from "@archgen/evolution";
import { parseJsonFile, withFileLock } from "@archgen/files";
import { createRandom } from "@archgen/random";
import {
	DEFAULT_SCALES,
	DEFAULT_SEQUENCE_TRAINING,
	type Exemplar,
	extendVocabulary,
	type GptNeoConfig,
	loadSequenceCheckpoint,
	readGptNeoConfig,
	readPretrained,
	readVocabulary,
	type SequenceCheckpoint,
	type SequenceExample,
	type SequenceModel,
	type SequenceSplit,
	type SequenceTrainingConfig,
	saveSequenceCheckpoint,
	sequenceLoss,
	servedWeights,
	splitExamples,
	trainSequenceGenerator,
	Vocabulary,
	writeModelFolder,
} from "@archgen/seqgen";
import type { SessionPool } from "@archgen/tensor-graph";
import { exemplarsToJson } from "../bundle/exemplars.js";
import { keptExamplesToBytes, readKeptExamples } from "../bundle/kept-examples.js";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";
import type { BundleManifest } from "../store/manifest-schema.js";
import type { Bundle, BundleContent, ModelStore } from "../store/model-store.js";
import { type ExampleRequest, refreshExamples } from "./examples.js";
import { examplesToKeep, rehearsed } from "./rehearsal.js";

/** Metrics of a version that went on from another one: losses on what that one held out, by its own generator and by the new one. */
export const HELD_OUT_BEFORE = "seqgen.heldOutLossOfBase";
export const HELD_OUT_AFTER = "seqgen.heldOutLoss";

/** A new version of a bundle whose sequence generator is trained on histories; all else is that of the base version. */
export interface RefreshRequest extends ExampleRequest {
	/** Name of the bundle. */
	readonly model: string;
	/** Version to start from, the one labelled `default` unless given: its clusters are those of the histories. */
	readonly base?: string;
	/** The new version. */
	readonly version: string;
	/** Training, where it differs from the default; the size is that of the base, or of the pretrained model. */
	readonly training?: Partial<Omit<SequenceTrainingConfig, "vocabulary" | "model">>;
	/** Local Hugging Face folder of a GPT-Neo to fine-tune. Its vocabulary is extended by ours. */
	readonly pretrained?: string;
	/**
	 * Random weights instead of those of the base, and none of the examples that it keeps; with `exemplars`, whose tokens mean other cells, and
	 * with `pretrained` that is so anyway.
	 */
	readonly anew?: boolean;
}

export interface RefreshHooks {
	/** Folder for checkpoints: another call with the same request goes on from there. */
	readonly folder: string;
	readonly signal?: AbortSignal;
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
}

/**
 * Trains and writes the new version; no label points to it yet. A request that has been carried out already returns what is
 * there.
 *
 * @throws INVALID_ARGUMENT for histories without a use, FAILED_PRECONDITION `VERSION_EXISTS` when the version is another's
 */
export async function refreshSequenceGenerator(
	store: ModelStore,
	pool: SessionPool,
	request: RefreshRequest,
	hooks: RefreshHooks,
): Promise<BundleManifest> {
	const { model, version } = request;
	const base = await store.open(model, request.base === undefined ? undefined : { version: request.base });
	const done = await existing(store, model, version);
	const plan = await planOf(pool, request, base, hooks.signal);
	if (done !== undefined) return sameOrRefuse(done, plan.identity);
	const trained = await withFileLock(hooks.folder, hooks.signal, () => train(pool, plan, hooks));
	const folder = join(hooks.folder, "model");
	await rm(folder, { recursive: true, force: true });
	const seqgen = join(base.folder, BUNDLE_LAYOUT.seqgen);
	const extended = plan.config.vocabulary.firstId === undefined ? undefined : (request.pretrained ?? seqgen);
	await writeModelFolder(folder, trained, { safetensors: false, ...(extended && { extended }) });
	const { identity, config } = plan;
	const refresh = {
		identity,
		base: base.manifest.version,
		histories: request.histories.map(({ name, records }) => ({ name, records: records.length })),
		keep: request.keep,
		rescale: request.rescale,
		exemplars: request.exemplars,
		config,
	};
	const trainedOn = JSON.parse(JSON.stringify({ ...base.manifest.trainedOn, refresh }));
	// What the base measured of the searches that it learned from says nothing of these.
	const inherited = Object.entries(base.manifest.metrics).filter(([name]) => !name.startsWith("histories."));
	const metrics = {
		...Object.fromEntries(inherited),
		"seqgen.validationLoss": trained.validationLoss,
		"seqgen.bestStep": trained.step,
		"seqgen.steps": trained.steps,
		"seqgen.trainingExamples": trained.examples.training,
		"seqgen.validationExamples": trained.examples.validation,
		...(await rehearsalMetrics(pool, plan, trained, hooks.signal)),
	};
	const contents = [
		...filesWithout(base),
		...(await filesOf(folder)),
		...(plan.exemplars ? [exemplarFile(plan.exemplars)] : []),
		exampleFile(plan.split, config.seed),
	];
	return store.put({ name: model, version, trainedOn, metrics }, contents, hooks.signal);
}

interface Plan {
	readonly config: SequenceTrainingConfig;
	readonly split: SequenceSplit;
	/** SHA-256 of all that decides the result. */
	readonly identity: string;
	readonly exemplars?: readonly Exemplar[];
	/** Weights to start from, by Hugging Face's names. */
	readonly pretrained?: ReadonlyMap<string, Float32Array>;
	/** The generator that training goes on from, and what was held out from it; without examples of the base there is nothing to compare by. */
	readonly before?: { readonly model: SequenceModel; readonly heldOut: readonly SequenceExample[] };
}

async function planOf(
	pool: SessionPool,
	request: RefreshRequest,
	base: Bundle,
	signal: AbortSignal | undefined,
): Promise<Plan> {
	const seqgen = join(base.folder, BUNDLE_LAYOUT.seqgen);
	const { examples, exemplars } = await refreshExamples(pool, request, base, signal);
	const own = (await readVocabulary(seqgen)).config;
	const goesOn = startsFromBase(request);
	const wanted = {
		...own,
		...(exemplars && { clusters: exemplars.length }),
		// fresh weights can learn every field of a condition; those of the base know the fields that it had
		...(!goesOn && { scales: DEFAULT_SCALES }),
	};
	const vocabulary =
		request.pretrained === undefined ? wanted : await extendVocabulary(request.pretrained, wanted);
	if (vocabulary.clusters !== wanted.clusters) {
		throw invalidArgument(
			"pretrained",
			`has tokens for ${vocabulary.clusters} kinds of cells, not ${wanted.clusters}; give one without tokens of ours.`,
		);
	}
	const { vocabularySize: _, ...model }: GptNeoConfig = await readGptNeoConfig(request.pretrained ?? seqgen);
	const config = { ...DEFAULT_SEQUENCE_TRAINING, ...request.training, vocabulary, model };
	const random = createRandom(config.seed).fork("jobs");
	const fresh = splitExamples(examples.flat(), config.validationFraction, random);
	const known = goesOn ? await readKeptExamples(base) : undefined;
	const pretrained = goesOn
		? await weightsOf(base, config)
		: request.pretrained && (await readPretrained(request.pretrained));
	return {
		config,
		split: rehearsed(fresh, known),
		identity: refreshIdentity(
			request,
			config,
			base.manifest.version,
			goesOn ? undefined : pretrained || undefined,
		),
		...(exemplars && { exemplars }),
		...(pretrained && { pretrained }),
		...(known && pretrained && { before: beforeOf(config, pretrained, known) }),
	};
}

async function weightsOf(base: Bundle, { vocabulary, model }: SequenceTrainingConfig) {
	const file = await base.read(`${BUNDLE_LAYOUT.seqgen}/onnx/model.onnx`);
	return servedWeights({ ...model, vocabularySize: new Vocabulary(vocabulary).size }, file);
}

/** Whether training goes on from the weights of the base: its tokens must mean what they meant. */
function startsFromBase({ exemplars, pretrained, anew }: RefreshTerms): boolean {
	return exemplars === undefined && pretrained === undefined && !anew;
}

function beforeOf(
	{ vocabulary: own, model }: SequenceTrainingConfig,
	parameters: ReadonlyMap<string, Float32Array>,
	{ validation: heldOut }: SequenceSplit,
): Plan["before"] {
	const vocabulary = new Vocabulary(own);
	return { model: { vocabulary, model: { ...model, vocabularySize: vocabulary.size }, parameters }, heldOut };
}

/** Loss on what the base held out, before and after: forgetting shows here. */
async function rehearsalMetrics(
	pool: SessionPool,
	{ before, config }: Plan,
	after: SequenceModel,
	signal: AbortSignal | undefined,
): Promise<Record<string, number>> {
	if (before === undefined) return {};
	const loss = (model: SequenceModel) =>
		sequenceLoss(pool, model, before.heldOut, { dropProbability: config.dropProbability, signal });
	return { [HELD_OUT_BEFORE]: await loss(before.model), [HELD_OUT_AFTER]: await loss(after) };
}

type RefreshTerms = Omit<RefreshRequest, "model" | "version">;

/** SHA-256 of all that decides a refreshed generator, as its manifest has it. */
export function refreshIdentity(
	request: RefreshTerms,
	config: SequenceTrainingConfig,
	base: string,
	pretrained: ReadonlyMap<string, Float32Array> = new Map(),
): string {
	const { histories, keep, exemplars, rescale, pretrained: folder } = request;
	const hash = createHash("sha256");
	const choice = exemplars === undefined && rescale === undefined ? [] : [exemplars, rescale];
	const start = startsFromBase(request) ? ["base"] : [];
	hash.update(JSON.stringify([config, keep, folder, base, ...choice, ...start]));
	for (const [name, values] of pretrained) hash.update(name).update(bytesOf(values));
	for (const { records } of histories) for (const record of records) hash.update(recordToLine(record));
	return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
	return new Uint8Array(buffer, byteOffset, byteLength);
}

async function train(
	pool: SessionPool,
	{ config, split, identity, pretrained }: Plan,
	{ folder, signal, onProgress }: RefreshHooks,
) {
	await mkdir(folder, { recursive: true });
	const checkpoint = join(folder, "checkpoint.safetensors");
	const mark = join(folder, "checkpoint.json");
	const resume = await readCheckpoint(checkpoint, mark, identity);
	// Written first: a checkpoint without it would belong to nobody.
	if (resume === undefined) await writeFile(mark, JSON.stringify({ identity }));
	return trainSequenceGenerator(pool, split, config, {
		signal,
		onProgress,
		checkpoint: (state) => saveSequenceCheckpoint(checkpoint, state),
		...(resume && { resume }),
		...(pretrained !== undefined && { pretrained }),
	});
}

/** The checkpoint of the same request; one of another request is thrown away. */
async function readCheckpoint(
	path: string,
	mark: string,
	identity: string,
): Promise<SequenceCheckpoint | undefined> {
	const text = await readFile(mark, "utf8").catch(() => "{}");
	if ((parseJsonFile(text, mark) as { identity?: string } | null)?.identity !== identity) {
		await rm(path, { force: true });
		return undefined;
	}
	return loadSequenceCheckpoint(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
}

async function existing(
	store: ModelStore,
	name: string,
	version: string,
): Promise<BundleManifest | undefined> {
	const found = (await store.list()).some((stored) => stored.name === name && stored.version === version);
	return found ? (await store.open(name, { version })).manifest : undefined;
}

function sameOrRefuse(manifest: BundleManifest, identity: string): BundleManifest {
	const { refresh } = manifest.trainedOn as { refresh?: { identity?: string } };
	if (refresh?.identity === identity) return manifest;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "VERSION_EXISTS",
		message: `${manifest.name} ${manifest.version} exists already and versions are immutable; choose a new version.`,
	});
}

function filesWithout({ manifest, folder }: Bundle): BundleContent[] {
	const kept = manifest.files.filter(({ path }) => !path.startsWith(`${BUNDLE_LAYOUT.seqgen}/`));
	return kept.map(({ path }) => ({ path, from: join(folder, path) }));
}

async function filesOf(folder: string): Promise<BundleContent[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => {
			const from = join(entry.parentPath, entry.name);
			return { path: `${BUNDLE_LAYOUT.seqgen}${from.slice(folder.length).replaceAll("\\", "/")}`, from };
		});
}

/** The cells that the tokens of a sequence generator name, as a file of a bundle. */
export function exemplarFile(exemplars: readonly Exemplar[]) {
	const text = `${JSON.stringify(exemplarsToJson(exemplars))}\n`;
	return { path: BUNDLE_LAYOUT.exemplars, bytes: new TextEncoder().encode(text) };
}

/** The part of what a sequence generator learned from that refreshes rehearse, as a file of a bundle. */
export function exampleFile(split: SequenceSplit, seed: number) {
	const kept = examplesToKeep(split, createRandom(seed).fork("kept"));
	return { path: BUNDLE_LAYOUT.examples, bytes: keptExamplesToBytes(kept) };
}
