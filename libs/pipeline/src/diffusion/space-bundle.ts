import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import {
	BUNDLE_LAYOUT,
	type Bundle,
	type BundleContent,
	type FolderModelStore,
	type GeneratorEntry,
	type VersionSelector,
} from "@archgen/models";
import { PREDICTOR_FILES, SCORE_FILES } from "@archgen/score-diffusion";
import {
	type PredictorFolder,
	readPredictor,
	readScore,
	type ScoreFolder,
	TRAINED_ON_FILE,
} from "./trained-files.js";

/** What a bundle of generators is made of. */
export interface GeneratorParts {
	/** Folder that `train diffusion` wrote. */
	readonly score: string;
	/** Folders that `train predictor` wrote; a predictor has its folder's name. */
	readonly predictors: readonly string[];
	readonly metrics: Readonly<Record<string, number>>;
}

/** Generators of a space: the score and predictors by name. */
export interface SpaceGenerators extends ScoreFolder {
	readonly predictors: Readonly<Record<string, PredictorFolder>>;
	/** Generators that the manifest lists. */
	readonly listed: readonly GeneratorEntry[];
}

/** Writes the generators of a space as a version of the bundle that has the space's name. */
export async function writeSpaceBundle(
	store: FolderModelStore,
	{ name }: { readonly name: string },
	version: string,
	{ score, predictors, metrics }: GeneratorParts,
	signal?: AbortSignal,
) {
	const { origin } = await readScore(score);
	const named = await Promise.all(
		predictors.map(async (folder) => [basename(folder), (await readPredictor(folder)).origin] as const),
	);
	const trainedOn = {
		score: { ...origin },
		predictors: Object.fromEntries(named.map(([predictor, { digests, ...rest }]) => [predictor, rest])),
	};
	const contents = [
		...contentsOf(score, BUNDLE_LAYOUT.score, Object.values(SCORE_FILES)),
		...predictors.flatMap((folder) =>
			contentsOf(folder, `${BUNDLE_LAYOUT.predictors}/${basename(folder)}`, Object.values(PREDICTOR_FILES)),
		),
	];
	return store.put({ name, version, trainedOn, metrics: { ...metrics } }, contents, signal);
}

function contentsOf(folder: string, target: string, files: readonly string[]): BundleContent[] {
	return [...files, TRAINED_ON_FILE].map((file) => ({ path: `${target}/${file}`, from: join(folder, file) }));
}

/** Opens and verifies the generators of a space. */
export async function openSpaceBundle(
	store: FolderModelStore,
	{ name }: { readonly name: string },
	selector: VersionSelector,
	signal?: AbortSignal,
): Promise<SpaceGenerators> {
	return readSpaceGenerators(await store.open(name, selector, signal));
}

/** Reads the generators of an opened bundle. */
export async function readSpaceGenerators(bundle: Bundle): Promise<SpaceGenerators> {
	const predictors = await Promise.all(
		(await predictorNames(bundle)).map(
			async (each) =>
				[each, await readPredictor(join(bundle.folder, BUNDLE_LAYOUT.predictors, each))] as const,
		),
	);
	return {
		...(await readScore(join(bundle.folder, BUNDLE_LAYOUT.score))),
		predictors: Object.fromEntries(predictors),
		listed: bundle.manifest.generators,
	};
}

async function predictorNames({ folder }: Bundle): Promise<string[]> {
	return (await readdir(join(folder, BUNDLE_LAYOUT.predictors)).catch(() => [])).sort();
}
