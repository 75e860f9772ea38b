import { parseJsonFile } from "@archgen/files";
import { type Mixture, mixtureFromJson, type Standardizer, standardizerFromJson } from "@archgen/mixture";
import type { Cell } from "@archgen/search-space";
import type { StageCells } from "@archgen/seqgen";
import type { Bundle } from "../store/model-store.js";
import { clusterCellsFromJson } from "./cluster-cells.js";
import { exemplarsFromJson } from "./exemplars.js";
import { BUNDLE_LAYOUT } from "./layout.js";

/** Mixture of a bundle; a cluster is one of its components. */
export async function readMixture(bundle: Bundle): Promise<Mixture> {
	return mixtureFromJson(await readJson(bundle, BUNDLE_LAYOUT.mixture));
}

/** Standardisation of zero-cost vectors of a bundle. */
export async function readStandardizer(bundle: Bundle): Promise<Standardizer> {
	return standardizerFromJson(await readJson(bundle, BUNDLE_LAYOUT.standardizer));
}

/** The cheapest known cell of each cluster of a bundle. */
export async function readClusterCells(bundle: Bundle, clusters: number): Promise<(Cell | null)[]> {
	return clusterCellsFromJson(await readJson(bundle, BUNDLE_LAYOUT.clusterCells), clusters);
}

/** The meaning of the cell tokens of a bundle's sequence generator. */
export async function readStageCells(bundle: Bundle): Promise<StageCells> {
	const clusters = (await readMixture(bundle)).weights.length;
	if (!bundle.manifest.files.some(({ path }) => path === BUNDLE_LAYOUT.exemplars))
		return { clusters: await readClusterCells(bundle, clusters) };
	return { exemplars: exemplarsFromJson(await readJson(bundle, BUNDLE_LAYOUT.exemplars), clusters) };
}

async function readJson(bundle: Bundle, path: string): Promise<unknown> {
	return parseJsonFile(await bundle.read(path), path);
}
