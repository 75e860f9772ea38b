import { join } from "node:path";
import { GvaeModel } from "@archgen/gvae";
import type { Mixture, Standardizer } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type Bundle, readClusterCells, readMixture, readStandardizer } from "@archgen/models";
import type { Cell } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";

/** What the service needs of a bundle. */
export interface GvaeModels {
	readonly gvae: GvaeModel;
	readonly standardizer: Standardizer;
	readonly mixture: Mixture;
	/** The cheapest measured cell of each cluster; null where none was. */
	readonly clusterCells: readonly (Cell | null)[];
}

/** Loads the parts of a bundle that the service needs. */
export async function loadModels(pool: SessionPool, bundle: Bundle): Promise<GvaeModels> {
	const [standardizer, mixture] = await Promise.all([readStandardizer(bundle), readMixture(bundle)]);
	const clusterCells = await readClusterCells(bundle, mixture.weights.length);
	const gvae = await GvaeModel.load(pool, join(bundle.folder, BUNDLE_LAYOUT.gvae));
	return { gvae, standardizer, mixture, clusterCells };
}
