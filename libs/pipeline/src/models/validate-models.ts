import { join } from "node:path";
import { CELL_TEMPERATURES } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { BUNDLE_LAYOUT, type Bundle, readClusterCells, readStageCells } from "@archgen/models";
import { createRandom } from "@archgen/random";
import { countedCells, GptNeoGenerator } from "@archgen/seqgen";
import { SessionPool } from "@archgen/tensor-graph";
import { type CellModelFiles, loadCellModels } from "../cells/cell-models.js";
import { synonymCells } from "../cells/synonym-cells.js";

/** What loading and running everything once has shown. */
export interface ModelChecks {
	readonly clusters: number;
	/** Clusters, of all, whose mean gave a cell. */
	readonly cellsDrawn: number;
	/** Clusters for which a cheapest cell is known. */
	readonly cheapestCellsKnown: number;
	/** Stages of the sequence that the generator writes for "any" condition. */
	readonly sequenceStages: number;
}

/**
 * Loads every model of a verified bundle and runs it once.
 *
 * @throws ArchgenError FAILED_PRECONDITION `BUNDLE_INCONSISTENT` when the models do not belong together, or what loading throws
 */
export async function validateModels(
	bundle: Bundle,
	files: CellModelFiles,
	signal: AbortSignal,
): Promise<ModelChecks> {
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	const generator = await GptNeoGenerator.load(join(bundle.folder, BUNDLE_LAYOUT.seqgen), { threads: 1 });
	try {
		const models = await loadCellModels(pool, files);
		const clusters = models.mixture.weights.length;
		const kinds = countedCells(await readStageCells(bundle)).length;
		if (generator.vocabulary.config.clusters !== kinds)
			throw inconsistent(
				bundle,
				`the sequence generator has tokens for ${generator.vocabulary.config.clusters} kinds of cells, the bundle knows ${kinds}`,
			);
		const all = models.mixture.weights.map((_, cluster) => ({ cluster }));
		const cells = await synonymCells(models, CELL_TEMPERATURES).sample(all, createRandom(0), { signal });
		const [sequence] = await generator.generate({ condition: {}, signal });
		return {
			clusters,
			cellsDrawn: cells.filter((cell) => "hash" in cell).length,
			cheapestCellsKnown: (await readClusterCells(bundle, clusters)).filter((cell) => cell !== null).length,
			sequenceStages: sequence!.stages.length,
		};
	} finally {
		await generator.close();
		await pool.close();
	}
}

function inconsistent({ manifest }: Bundle, why: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "BUNDLE_INCONSISTENT",
		message: `The models of bundle ${manifest.name} ${manifest.version} do not belong together: ${why}.`,
	});
}
