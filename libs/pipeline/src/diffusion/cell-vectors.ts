import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { predictedVectors } from "@archgen/gvae";
import { BUNDLE_LAYOUT, type Bundle, type BundleContent } from "@archgen/models";
import { type ArchitectureSpace, type Cell, cellsSpace } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { bundleCellFiles, loadVectorModels } from "../cells/cell-models.js";
import type { RunContext } from "../run-context.js";
import { fingerprint } from "../training/workspace.js";
import type { VectorOrigin } from "./trained-origins.js";

/** Vectors of a set of architectures. */
export interface VectorSource<A> {
	readonly origin: VectorOrigin;
	/** The vector of each architecture, flat [architectures, numbers]. */
	vectorsOf(context: RunContext, architectures: readonly A[]): Promise<Float32Array>;
}

/** SHA-256 of those files of a bundle that give cells their standardised zero-cost vectors. */
export async function predictorDigest(contents: readonly BundleContent[]): Promise<string> {
	const own = contents
		.filter(({ path }) => path === BUNDLE_LAYOUT.standardizer || path.startsWith(`${BUNDLE_LAYOUT.gvae}/`))
		.sort((a, b) => (a.path < b.path ? -1 : 1));
	const bytes = own.map((content) => ("bytes" in content ? content.bytes : readFile(content.from)));
	return fingerprint(...(await Promise.all(bytes)));
}

/**
 * The vectors that networks over a space are asked for.
 *
 * @param openBundle the bundle whose predictor gives them
 * @throws ArchgenError INVALID_ARGUMENT naming `--vectors` for another space than cells, which has no such predictor
 */
export async function vectorSource(
	{ name }: ArchitectureSpace<unknown>,
	openBundle: () => Promise<Bundle>,
): Promise<VectorSource<unknown>> {
	if (name !== cellsSpace.name)
		throw invalidArgument("--vectors", `are those of cells; use --space ${cellsSpace.name}, not ${name}`);
	return (await cellVectors(await openBundle())) as VectorSource<unknown>;
}

/** Standardised zero-cost vectors of cells as the predictor of a bundle sees them: those that the flow is trained on. */
async function cellVectors(bundle: Bundle): Promise<VectorSource<Cell>> {
	const { name, version, files } = bundle.manifest;
	const contents = files.map(({ path }) => ({ path, from: join(bundle.folder, path) }));
	return {
		origin: { bundle: `${name} ${version}`, predictor: await predictorDigest(contents) },
		vectorsOf: async (context, cells) => {
			context.remark(`predicting the zero-cost vectors of ${cells.length} cells`);
			const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
			try {
				const { gvae } = await loadVectorModels(pool, await bundleCellFiles(bundle));
				return Float32Array.from((await predictedVectors(gvae, cells, context.signal)).flat());
			} finally {
				await pool.close();
			}
		},
	};
}
