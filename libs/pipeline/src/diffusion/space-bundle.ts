import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import {
	BUNDLE_LAYOUT,
	type Bundle,
	type FolderModelStore,
	type GeneratorEntry,
	type VersionSelector,
} from "@archgen/models";
import {
	type DenoiserFolder,
	type PredictorFolder,
	readDenoiser,
	readPredictor,
	readScore,
	type ScoreFolder,
} from "./trained-files.js";

/** Generators of a space by their kind, and predictors by name. */
export interface SpaceGenerators {
	readonly space: string;
	readonly score?: ScoreFolder | undefined;
	readonly discrete?: DenoiserFolder | undefined;
	readonly predictors: Readonly<Record<string, PredictorFolder>>;
	/** Generators that the manifest lists. */
	readonly listed: readonly GeneratorEntry[];
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
	const { generators: listed, name } = bundle.manifest;
	const isListed = (kind: PartKind) => listed.some((generator) => generator.kind === kind);
	const read = async <T>(kind: PartKind, reader: (folder: string) => Promise<T>) =>
		isListed(kind) ? await reader(join(bundle.folder, BUNDLE_LAYOUT[kind])) : undefined;
	const predictors = await Promise.all(
		(await predictorNames(bundle)).map(
			async (each) =>
				[each, await readPredictor(join(bundle.folder, BUNDLE_LAYOUT.predictors, each))] as const,
		),
	);
	const [score, discrete] = [await read("score", readScore), await read("discrete", readDenoiser)];
	const space = (score ?? discrete)?.origin.space;
	if (space === undefined) throw missingPart(name, "of architectures");
	return { space, score, discrete, predictors: Object.fromEntries(predictors), listed };
}

/** Parts of {@link SpaceGenerators} by kind of generator. */
interface Parts {
	readonly score: ScoreFolder;
	readonly discrete: DenoiserFolder;
}
type PartKind = keyof Parts;

/**
 * The part of a bundle that a kind of generator needs.
 *
 * @throws ArchgenError FAILED_PRECONDITION `GENERATOR_MISSING`
 */
export function requirePart<K extends PartKind>(generators: SpaceGenerators, kind: K): Parts[K] {
	const found: Partial<Parts>[K] = generators[kind];
	if (found !== undefined) return found;
	throw missingPart(generators.space, `of kind "${kind}"`);
}

function missingPart(bundle: string, missing: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "GENERATOR_MISSING",
		message: `The bundle ${bundle} has no generator ${missing}; write a version with one by "archgen train generators".`,
	});
}

async function predictorNames({ folder }: Bundle): Promise<string[]> {
	return (await readdir(join(folder, BUNDLE_LAYOUT.predictors)).catch(() => [])).sort();
}
