import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CcnfSize, ccnfField, exportCcnf, identityNormalization } from "@archgen/ccnf";
import { ZC_LOG } from "@archgen/design";
import {
	DENOISER_CONFIG,
	exportDenoiser,
	graphShape,
	SMALL_DENOISER,
	trainDenoiser,
	vectorDenoiserData,
} from "@archgen/discrete-diffusion";
import {
	exportGvae,
	FEATURES,
	type GvaeSize,
	gvaeDecoder,
	gvaeEncoder,
	NODES,
	predictor,
	SCOPES,
} from "@archgen/gvae";
import { mixtureToJson, standardizerToJson } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type BundleContent, clusterCellsToJson, FolderModelStore } from "@archgen/models";
import { createRandom } from "@archgen/random";
import {
	exportScore,
	SCORE_CONFIG,
	SMALL_SIZE,
	stateShape,
	statesOf,
	trainScore,
} from "@archgen/score-diffusion";
import { cellsSpace, randomCell } from "@archgen/search-space";
import { DEFAULT_VOCABULARY, gptNeoParameters, Vocabulary, writeModelFolder } from "@archgen/seqgen";
import { initialize, input, ParameterScope, SessionPool } from "@archgen/tensor-graph";

export const SAMPLE_CLUSTERS = 4;
export const SAMPLE_LATENT = 8;
const GVAE: GvaeSize = { hidden: 16, latent: SAMPLE_LATENT, mlp: 16 };
const DENOISER = { ...SMALL_DENOISER, hidden: 8, heads: 2, pair: 4, layers: 1, feedForward: 8 };
const SCORE = { ...SMALL_SIZE, hidden: 8, heads: 2, feedForward: 8, blocks: 1, output: 8, time: 8 };
const CCNF: CcnfSize = { dimension: SAMPLE_LATENT, condition: 4, hidden: 16, layers: 2 };

/** A store with one untrained bundle `default` of small models, version `1`, in a temporary folder. */
export async function writeSampleStore(): Promise<{
	folder: string;
	store: FolderModelStore;
	remove(): Promise<void>;
}> {
	const folder = await mkdtemp(join(tmpdir(), "archgen-models-"));
	const store = new FolderModelStore(folder);
	await putSample(store, "1");
	await store.label("default", "default", "1");
	return { folder, store, remove: () => rm(folder, { recursive: true }) };
}

/** Writes another version, with weights of its own. @param more further files, such as {@link diffusionFiles} */
export async function putSample(
	store: FolderModelStore,
	version: string,
	more: readonly BundleContent[] = [],
): Promise<void> {
	const seed = Number.parseInt(version, 10);
	const own = [...gvaeFiles(seed), ...ccnfFiles(seed), ...clusterFiles(), ...(await seqgenFiles(seed))];
	const contents = [...own, ...more];
	await store.put(
		{ name: "default", version, trainedOn: { data: "none" }, metrics: { loss: seed } },
		contents,
	);
}

/** Small diffusions over cells that were hardly trained. */
export async function diffusionFiles(): Promise<BundleContent[]> {
	const pool = SessionPool.create({ threadsPerWorker: 1 });
	try {
		const cells = Array.from({ length: 8 }, (_, seed) => randomCell(createRandom(seed)));
		const vectors = Float32Array.from({ length: 4 * cells.length }, (_, i) => (i % 7) / 3 - 1);
		const { denoiser } = await trainDenoiser(
			pool,
			vectorDenoiserData(cellsSpace, cells, vectors),
			graphShape(cellsSpace),
			{ ...DENOISER_CONFIG, steps: 1, batch: 8, size: DENOISER },
		);
		const { score } = await trainScore(
			pool,
			statesOf(cellsSpace, cells),
			stateShape(cellsSpace),
			{ ...SCORE_CONFIG, steps: 1, batch: 8, size: SCORE },
			{},
			{ width: 4, values: vectors, dropout: 0.1 },
		);
		return [
			...inFolder(BUNDLE_LAYOUT.scoreCells, exportScore(score)),
			json(`${BUNDLE_LAYOUT.scoreCells}/trained-on.json`, { space: "cells", architectures: 8, seed: 0 }),
			...inFolder(BUNDLE_LAYOUT.discreteCells, exportDenoiser(denoiser)),
			json(`${BUNDLE_LAYOUT.discreteCells}/trained-on.json`, { space: "cells", architectures: 8, seed: 0 }),
		];
	} finally {
		await pool.close();
	}
}

function gvaeFiles(seed: number): BundleContent[] {
	const scope = new ParameterScope();
	gvaeEncoder(
		scope.scope(SCOPES.encoder),
		input("a", [1, NODES, NODES]),
		input("f", [1, NODES, FEATURES]),
		GVAE,
	);
	const latent = input("latent", [1, GVAE.latent]);
	gvaeDecoder(scope.scope(SCOPES.decoder), latent, GVAE);
	predictor(scope.scope(SCOPES.predictor), latent, GVAE);
	return inFolder(BUNDLE_LAYOUT.gvae, exportGvae(initialize(scope.specs(), createRandom(seed)), GVAE));
}

function ccnfFiles(seed: number): BundleContent[] {
	const scope = new ParameterScope();
	ccnfField(
		scope,
		input("u", [1, CCNF.dimension]),
		input("t", [1, 1]),
		input("z", [1, CCNF.condition]),
		CCNF,
	);
	const norm = identityNormalization(CCNF.dimension);
	const description = {
		objective: "flow-matching",
		size: CCNF,
		endTime: 1,
		latentNorm: norm,
		noiseNorm: norm,
	} as const;
	const parameters = initialize(scope.specs(), createRandom(seed));
	return inFolder(BUNDLE_LAYOUT.ccnf, exportCcnf({ description, parameters }));
}

function clusterFiles(): BundleContent[] {
	const clusters = Array.from({ length: SAMPLE_CLUSTERS }, (_, cluster) => cluster);
	const mixture = {
		dimension: 4,
		weights: clusters.map(() => 1 / SAMPLE_CLUSTERS),
		means: clusters.map((cluster) => [cluster, cluster / 2, -cluster, 1]),
		covariances: clusters.map(() => [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)))),
	};
	const standardizer = { log: ZC_LOG, mean: [700, 4, 14, 19], std: [50, 0.5, 1, 1] };
	const cells = clusters.map((cluster) => randomCell(createRandom(cluster)));
	return [
		json(BUNDLE_LAYOUT.mixture, mixtureToJson(mixture)),
		json(BUNDLE_LAYOUT.standardizer, standardizerToJson(standardizer)),
		json(BUNDLE_LAYOUT.clusterCells, clusterCellsToJson(cells)),
	];
}

async function seqgenFiles(seed: number): Promise<BundleContent[]> {
	const vocabulary = new Vocabulary({ ...DEFAULT_VOCABULARY, clusters: SAMPLE_CLUSTERS, maxStages: 5 });
	const model = {
		vocabularySize: vocabulary.size,
		maxPositions: vocabulary.maxLength,
		hidden: 16,
		layers: 2,
		heads: 2,
		window: 256,
	};
	const folder = await mkdtemp(join(tmpdir(), "archgen-seqgen-"));
	const parameters = initialize(gptNeoParameters(model), createRandom(seed));
	await writeModelFolder(folder, { vocabulary, model, parameters }, { safetensors: false });
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const contents = files.map(async (file) => {
		const path = `${BUNDLE_LAYOUT.seqgen}/${file.slice(folder.length + 1).replaceAll("\\", "/")}`;
		return { path, bytes: new Uint8Array(await readFile(file)) };
	});
	return Promise.all(contents).finally(() => rm(folder, { recursive: true }));
}

function inFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): BundleContent[] {
	return [...files].map(([name, bytes]) => ({ path: `${folder}/${name}`, bytes }));
}

function json(path: string, content: unknown): BundleContent {
	return { path, bytes: new TextEncoder().encode(`${JSON.stringify(content, null, "\t")}\n`) };
}
