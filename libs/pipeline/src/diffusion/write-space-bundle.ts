import { basename, join } from "node:path";
import { DENOISER_FILES } from "@archgen/discrete-diffusion";
import { invalidArgument } from "@archgen/errors";
import { BUNDLE_LAYOUT, type BundleContent, type FolderModelStore } from "@archgen/models";
import { PREDICTOR_FILES, SCORE_FILES } from "@archgen/score-diffusion";
import { readDenoiser, readPredictor, readScore, TRAINED_ON_FILE } from "./trained-files.js";

/** What a bundle of generators is made of. */
export interface GeneratorParts {
	/** Folder that `train diffusion` wrote. */
	readonly score?: string | undefined;
	/** Folder that `train discrete` wrote. */
	readonly discrete?: string | undefined;
	/** Folders that `train predictor` wrote; a predictor has its folder's name. */
	readonly predictors: readonly string[];
	readonly metrics: Readonly<Record<string, number>>;
}

/** Kinds of generators: the reader of their folders, and their files in a bundle beside the record of the training. */
const KINDS = {
	score: { read: readScore, files: Object.values(SCORE_FILES) },
	discrete: { read: readDenoiser, files: Object.values(DENOISER_FILES) },
} as const;

const KIND_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

/**
 * Writes the generators of a space as a version of the bundle that has the space's name.
 *
 * @throws ArchgenError INVALID_ARGUMENT for networks of another space, and without any generator
 */
export async function writeSpaceBundle(
	store: FolderModelStore,
	{ name }: { readonly name: string },
	version: string,
	{ predictors, metrics, ...generators }: GeneratorParts,
	signal?: AbortSignal,
) {
	const given = KIND_NAMES.flatMap((kind) => {
		const folder = generators[kind];
		return folder === undefined ? [] : [{ kind, folder }];
	});
	if (given.length === 0) throw invalidArgument("score", "is missing; give a score, a denoiser or both");
	const origins = await Promise.all(
		given.map(async ({ kind, folder }) => {
			const { origin } = await KINDS[kind].read(folder);
			return [kind, withoutDigests(ofSpace(origin, name, folder))] as const;
		}),
	);
	const named = await Promise.all(
		predictors.map(async (folder) => {
			const { origin } = await readPredictor(folder);
			return [basename(folder), withoutDigests(ofSpace(origin, name, folder))] as const;
		}),
	);
	const trainedOn = { ...Object.fromEntries(origins), predictors: Object.fromEntries(named) };
	const contents = [
		...given.flatMap(({ kind, folder }) => contentsOf(folder, BUNDLE_LAYOUT[kind], KINDS[kind].files)),
		...predictors.flatMap((folder) =>
			contentsOf(folder, `${BUNDLE_LAYOUT.predictors}/${basename(folder)}`, Object.values(PREDICTOR_FILES)),
		),
	];
	return store.put({ name, version, trainedOn, metrics: { ...metrics } }, contents, signal);
}

function ofSpace<O extends { readonly space: string }>(origin: O, name: string, folder: string): O {
	if (origin.space === name) return origin;
	throw invalidArgument("space", `${folder} was trained on architectures of ${origin.space}, not ${name}`);
}

/** A record of a training as JSON, without the many digests of its rows. */
function withoutDigests<O extends object>(origin: O) {
	return JSON.parse(JSON.stringify(origin, (key, value) => (key === "digests" ? undefined : value)));
}

function contentsOf(folder: string, target: string, files: readonly string[]): BundleContent[] {
	return [...files, TRAINED_ON_FILE].map((file) => ({ path: `${target}/${file}`, from: join(folder, file) }));
}
