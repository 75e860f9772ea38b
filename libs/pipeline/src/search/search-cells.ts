import { CELL_TEMPERATURES, type CellGenerator, RANDOM_CELLS, RANDOM_CLUSTERS } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { type Bundle, readMixture } from "@archgen/models";
import type { SessionPool } from "@archgen/tensor-graph";
import { loadCellGenerator } from "../cells/cell-generators.js";
import { bundleCellFiles, loadCellModels } from "../cells/cell-models.js";
import { synonymCells } from "../cells/synonym-cells.js";
import { workCellFiles } from "../training/work-cell-files.js";
import { Workspace } from "../training/workspace.js";

/** Where a search takes cells from, as the command line has it. */
export interface SearchCellsOptions {
	/** Folder of a training, in place of a bundle. */
	readonly work?: string;
	/** Random cells instead of a model's. */
	readonly randomCells?: boolean;
	/** Name of a generator of the bundle; the flow unless given. */
	readonly cellGenerator?: string;
	/** Noise around cluster means. */
	readonly temperature: number;
}

/** Cells of a search. */
export interface SearchCells {
	readonly cells: CellGenerator;
	readonly clusters: number;
	/** All that decides which cells are drawn: a history of other cells is not gone on from. */
	readonly identity: string;
}

const FLOW = "flow";

/**
 * The cells of a search, loaded into a pool.
 *
 * @param openBundle the bundle, opened where it is needed
 * @throws ArchgenError INVALID_ARGUMENT naming `--cell-generator`
 */
export async function searchCells(
	pool: SessionPool,
	{ work, randomCells = false, cellGenerator = FLOW, temperature }: SearchCellsOptions,
	openBundle: () => Promise<Bundle>,
): Promise<SearchCells> {
	const own = { ...CELL_TEMPERATURES, means: temperature };
	if (randomCells) return { cells: RANDOM_CELLS, clusters: RANDOM_CLUSTERS, identity: "random" };
	if (cellGenerator === FLOW) {
		const files =
			work === undefined
				? await bundleCellFiles(await openBundle())
				: await workCellFiles(new Workspace(work));
		const models = await loadCellModels(pool, files);
		const identity = `${models.identity} temperature ${temperature}`;
		return { cells: synonymCells(models, own), clusters: models.mixture.weights.length, identity };
	}
	if (work !== undefined)
		throw invalidArgument("--cell-generator", "names a generator of a bundle; leave out --work");
	const bundle = await openBundle();
	const cells = await loadCellGenerator(bundle, pool, cellGenerator, "--cell-generator", own);
	const { weights } = await readMixture(bundle);
	const identity = `${cells.version} ${cellGenerator} temperature ${temperature}`;
	return { cells, clusters: weights.length, identity };
}
