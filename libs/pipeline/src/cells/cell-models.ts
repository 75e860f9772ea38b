import { CcnfModel } from "@archgen/ccnf";
import { parseJsonFile } from "@archgen/files";
import { GvaeModel } from "@archgen/gvae";
import { type Mixture, mixtureFromJson, type Standardizer, standardizerFromJson } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type Bundle } from "@archgen/models";
import type { SessionPool } from "@archgen/tensor-graph";

/** The models that give cells and clusters their zero-cost vectors. */
export interface VectorModels {
	readonly gvae: GvaeModel;
	/** Over standardised zero-cost vectors; a cluster is one of its components. */
	readonly mixture: Mixture;
	readonly standardizer: Standardizer;
	/** Which training or bundle they come from, for settings that must not change between runs. */
	readonly identity: string;
}

/** The models that turn a zero-cost vector or a cluster into cells. */
export interface CellModels extends VectorModels {
	readonly ccnf: CcnfModel;
}

/** Where the files of these models stand. */
export interface CellModelFiles {
	/** Folder of encoder, decoder and predictor. */
	readonly gvae: string;
	/** Folder of the flow. */
	readonly ccnf: string;
	/** `mixture.json`, parsed. */
	readonly mixture: unknown;
	/** `standardizer.json`, parsed. */
	readonly standardizer: unknown;
	readonly identity: string;
}

/** Loads the models into a pool; closing the pool frees them. */
export async function loadCellModels(pool: SessionPool, files: CellModelFiles): Promise<CellModels> {
	return { ...(await loadVectorModels(pool, files)), ccnf: await CcnfModel.load(pool, files.ccnf) };
}

/** Loads all but the flow into a pool; closing the pool frees them. */
export async function loadVectorModels(
	pool: SessionPool,
	files: Omit<CellModelFiles, "ccnf">,
): Promise<VectorModels> {
	return {
		gvae: await GvaeModel.load(pool, files.gvae),
		mixture: mixtureFromJson(files.mixture),
		standardizer: standardizerFromJson(files.standardizer),
		identity: files.identity,
	};
}

/** The files of a bundle's cell models. */
export async function bundleCellFiles(bundle: Bundle): Promise<CellModelFiles> {
	const json = async (path: string) => parseJsonFile(await bundle.read(path), path);
	return {
		gvae: `${bundle.folder}/${BUNDLE_LAYOUT.gvae}`,
		ccnf: `${bundle.folder}/${BUNDLE_LAYOUT.ccnf}`,
		mixture: await json(BUNDLE_LAYOUT.mixture),
		standardizer: await json(BUNDLE_LAYOUT.standardizer),
		identity: `bundle ${bundle.manifest.name} ${bundle.manifest.version}`,
	};
}
