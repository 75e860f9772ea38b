import { ArchgenError } from "@archgen/errors";
import { type Cell, type CellJson, cellFromJson, cellToJson } from "@archgen/search-space";

/** JSON form of the cheapest known cell of each cluster, by cluster; null where no cell is known. */
export interface ClusterCellsJson {
	readonly format: "archgen.cluster-cells";
	readonly version: 1;
	readonly cells: readonly (CellJson | null)[];
}

/** The JSON form of cells by cluster. */
export function clusterCellsToJson(cells: readonly (Cell | null)[]): ClusterCellsJson {
	return {
		format: "archgen.cluster-cells",
		version: 1,
		cells: cells.map((cell) => cell && cellToJson(cell)),
	};
}

/**
 * Reads what `clusterCellsToJson` wrote.
 *
 * @param clusters how many clusters there must be
 * @throws ArchgenError DATA_LOSS, reason INVALID_CLUSTER_CELLS
 */
export function clusterCellsFromJson(json: unknown, clusters: number): (Cell | null)[] {
	const { format, version, cells } = (json ?? {}) as Partial<ClusterCellsJson>;
	if (format !== "archgen.cluster-cells" || version !== 1 || !Array.isArray(cells)) {
		throw invalid("is not a list of cells by cluster");
	}
	if (cells.length !== clusters) {
		throw invalid(`has ${cells.length} entries for ${clusters} clusters`);
	}
	try {
		return cells.map((cell: unknown, i) => (cell === null ? null : cellFromJson(cell, `cells[${i}]`)));
	} catch (cause) {
		throw invalid("holds something that is no cell", cause);
	}
}

function invalid(problem: string, cause?: unknown): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "INVALID_CLUSTER_CELLS",
		message: `cluster-cells.json ${problem}; write the bundle anew.`,
		cause,
	});
}
