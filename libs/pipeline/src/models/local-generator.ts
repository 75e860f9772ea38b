import { join } from "node:path";
import { BUNDLE_LAYOUT, type Bundle, readStageCells } from "@archgen/models";
import { countedCells, TaskRunner } from "@archgen/seqgen";
import type { SessionPool } from "@archgen/tensor-graph";
import { bundleCellFiles, type CellModels, loadCellModels } from "../cells/cell-models.js";
import { LocalSequences } from "../cells/local-sources.js";

/** All that generates, in this process instead of behind services. */
export interface LocalGenerator {
	readonly models: CellModels;
	readonly sequences: LocalSequences;
	/** Frees the sequence generator; the pool frees the rest. */
	close(): Promise<void>;
}

/** Loads the models of a bundle that generate networks. @param threads of the sequence generator */
export async function loadLocalGenerator(
	bundle: Bundle,
	pool: SessionPool,
	threads: number,
): Promise<LocalGenerator> {
	const models = await loadCellModels(pool, await bundleCellFiles(bundle));
	const cells = await readStageCells(bundle);
	const runner = await TaskRunner.load(
		join(bundle.folder, BUNDLE_LAYOUT.seqgen),
		countedCells(cells),
		threads,
	);
	const { name, version } = bundle.manifest;
	const sequences = new LocalSequences(`${name} ${version}`, runner, cells);
	return { models, sequences, close: () => runner.close() };
}
