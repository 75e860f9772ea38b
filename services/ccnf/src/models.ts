import { join } from "node:path";
import { CcnfModel } from "@archgen/ccnf";
import type { Mixture, Standardizer } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type Bundle, readMixture, readStandardizer } from "@archgen/models";
import type { SessionPool } from "@archgen/tensor-graph";

/** What the service needs of a bundle. */
export interface CcnfModels {
	readonly ccnf: CcnfModel;
	readonly mixture: Mixture;
	readonly standardizer: Standardizer;
}

/** Loads the parts of a bundle that the service needs. */
export async function loadModels(pool: SessionPool, bundle: Bundle): Promise<CcnfModels> {
	const [mixture, standardizer] = await Promise.all([readMixture(bundle), readStandardizer(bundle)]);
	return { ccnf: await CcnfModel.load(pool, join(bundle.folder, BUNDLE_LAYOUT.ccnf)), mixture, standardizer };
}
