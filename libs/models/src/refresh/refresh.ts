import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { withFileLock } from "@archgen/files";
import { type SequenceModel, sequenceLoss, writeModelFolder } from "@archgen/seqgen";
import type { SessionPool } from "@archgen/tensor-graph";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";
import type { BundleManifest } from "../store/manifest-schema.js";
import type { Bundle, BundleContent, ModelStore } from "../store/model-store.js";
import { exampleFile, exemplarFile } from "./refresh-files.js";
import { planOf, type RefreshPlan } from "./refresh-plan.js";
import type { RefreshRequest } from "./refresh-request.js";
import { type RefreshHooks, trainRefresh } from "./refresh-training.js";

/** Metrics of a version that went on from another one: losses on what that one held out, by its own generator and by the new one. */
export const HELD_OUT_BEFORE = "seqgen.heldOutLossOfBase";
export const HELD_OUT_AFTER = "seqgen.heldOutLoss";

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
	const trained = await withFileLock(hooks.folder, hooks.signal, () => trainRefresh(pool, plan, hooks));
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

/** Loss on what the base held out, before and after: forgetting shows here. */
async function rehearsalMetrics(
	pool: SessionPool,
	{ before, config }: RefreshPlan,
	after: SequenceModel,
	signal: AbortSignal | undefined,
): Promise<Record<string, number>> {
	if (before === undefined) return {};
	const loss = (model: SequenceModel) =>
		sequenceLoss(pool, model, before.heldOut, { dropProbability: config.dropProbability, signal });
	return { [HELD_OUT_BEFORE]: await loss(before.model), [HELD_OUT_AFTER]: await loss(after) };
}
