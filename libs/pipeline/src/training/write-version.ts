import { invalidArgument } from "@archgen/errors";
import type { FolderModelStore } from "@archgen/models";
import {
	type CellGeneratorFolders,
	partsOfBundle,
	withCellGenerators,
} from "../diffusion/cell-generator-parts.js";
import { profileOf } from "../profiles.js";
import { type BundleParts, makeBundle } from "./make-bundle.js";
import { Workspace } from "./workspace.js";

/** A version of a bundle that is to be written, as the command line has it. */
export interface NewVersion extends CellGeneratorFolders {
	readonly profile: string;
	/** Folder of the training; runs/PROFILE unless given. */
	readonly work?: string;
	/** Version that everything is taken from in place of a training. */
	readonly base?: string;
	readonly model: string;
	readonly modelVersion: string;
	/** Label that points to it. */
	readonly label: string;
}

/** Writes a finished training, or another version with further cell generators, as a version of a bundle. */
export async function writeVersion(store: FolderModelStore, options: NewVersion, signal?: AbortSignal) {
	const { model: name, modelVersion: version, label } = options;
	const parts = await withCellGenerators(await basicParts(store, options), options);
	const { trainedOn, metrics, contents } = parts;
	const manifest = await store.put({ name, version, trainedOn, metrics }, contents, signal);
	await store.label(name, label, version);
	const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	return { name, version, label, files: manifest.files.length, bytes };
}

/** The bundle before further generators are added. */
async function basicParts(
	store: FolderModelStore,
	{ base, work, profile, model }: NewVersion,
): Promise<BundleParts> {
	profileOf(profile);
	if (base === undefined) return makeBundle(new Workspace(work ?? `runs/${profile}`), profile);
	if (work !== undefined)
		throw invalidArgument("--base", "is a version to take everything from; leave out --work");
	return partsOfBundle(await store.open(model, { version: base }));
}
