import { join } from "node:path";
import { GvaeModel } from "@archgen/gvae";
import type { Standardizer } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type Bundle, readStandardizer } from "@archgen/models";
import type { SessionPool } from "@archgen/tensor-graph";

/** What the service needs of a bundle. */
export interface GvaeModels {
	readonly gvae: GvaeModel;
	readonly standardizer: Standardizer;
}

/** Loads the parts of a bundle that the service needs. */
export async function loadModels(pool: SessionPool, bundle: Bundle): Promise<GvaeModels> {
	const standardizer = await readStandardizer(bundle);
	return { gvae: await GvaeModel.load(pool, join(bundle.folder, BUNDLE_LAYOUT.gvae)), standardizer };
}
