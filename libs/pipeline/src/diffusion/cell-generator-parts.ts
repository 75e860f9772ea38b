import { join } from "node:path";
import { DENOISER_FILES } from "@archgen/discrete-diffusion";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { BUNDLE_LAYOUT, type Bundle, type BundleContent } from "@archgen/models";
import { SCORE_FILES } from "@archgen/score-diffusion";
import { cellsSpace } from "@archgen/search-space";
import type { BundleParts } from "../training/make-bundle.js";
import { predictorDigest } from "./cell-vectors.js";
import { readDenoiser, readScore, TRAINED_ON_FILE } from "./trained-files.js";
import type { VectorOrigin } from "./trained-origins.js";

/** Folders of cell generators that are asked for zero-cost vectors. */
export interface CellGeneratorFolders {
	/** Folder that `train diffusion --space cells --vectors` wrote. */
	readonly score?: string | undefined;
	/** Folder that `train discrete --space cells --vectors` wrote. */
	readonly discrete?: string | undefined;
}

/** Kinds of such folders: where they go in a bundle, their files, and what they say about themselves. */
const KINDS = {
	score: {
		target: BUNDLE_LAYOUT.scoreCells,
		files: Object.values(SCORE_FILES),
		read: async (folder: string) => {
			const { score, origin } = await readScore(folder);
			return { origin, vector: score.description.vector };
		},
	},
	discrete: {
		target: BUNDLE_LAYOUT.discreteCells,
		files: Object.values(DENOISER_FILES),
		read: async (folder: string) => {
			const { denoiser, origin } = await readDenoiser(folder);
			return { origin, vector: denoiser.description.vector };
		},
	},
} as const;

/**
 * Parts of a bundle with further cell generators.
 *
 * @throws ArchgenError INVALID_ARGUMENT for a network of another space or without vectors, FAILED_PRECONDITION `OTHER_PREDICTOR` for one whose vectors
 *   another predictor gave
 */
export async function withCellGenerators(
	parts: BundleParts,
	folders: CellGeneratorFolders,
): Promise<BundleParts> {
	const given = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
		const folder = folders[kind];
		return folder === undefined ? [] : [{ kind, folder }];
	});
	if (given.length === 0) return parts;
	const predictor = await predictorDigest(parts.contents);
	const origins = await Promise.all(
		given.map(async ({ kind, folder }) => {
			const { origin, vector } = await KINDS[kind].read(folder);
			if (origin.space !== cellsSpace.name || vector === undefined || origin.vectors === undefined)
				throw invalidArgument(
					kind,
					`${folder} holds no network that is asked for vectors of cells; train it with --space cells --vectors`,
				);
			requireSamePredictor(folder, origin.vectors, predictor);
			return [KINDS[kind].target, JSON.parse(JSON.stringify(origin))] as const;
		}),
	);
	const targets = given.map(({ kind }) => `${KINDS[kind].target}/`);
	const kept = parts.contents.filter(({ path }) => !targets.some((target) => path.startsWith(target)));
	const added = given.flatMap(({ kind, folder }) => contentsOf(folder, KINDS[kind]));
	return {
		...parts,
		trainedOn: { ...parts.trainedOn, ...Object.fromEntries(origins) },
		contents: [...kept, ...added],
	};
}

/** All parts of a bundle that is there already. */
export function partsOfBundle({ manifest, folder }: Bundle): BundleParts {
	const { trainedOn, metrics, files } = manifest;
	return { trainedOn, metrics, contents: files.map(({ path }) => ({ path, from: join(folder, path) })) };
}

function requireSamePredictor(folder: string, { bundle, predictor }: VectorOrigin, wanted: string): void {
	if (predictor === wanted) return;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "OTHER_PREDICTOR",
		message: `${folder} was trained on the vectors of bundle ${bundle}, whose predictor is another one; train it with --vectors and the bundle that it is for.`,
		metadata: { folder, bundle },
	});
}

function contentsOf(
	folder: string,
	{ target, files }: { readonly target: string; readonly files: readonly string[] },
): BundleContent[] {
	return [...files, TRAINED_ON_FILE].map((file) => ({ path: `${target}/${file}`, from: join(folder, file) }));
}
