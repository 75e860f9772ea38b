import { type Cell, KERNELS, OPERATION_TYPES } from "@archgen/search-space";
import {
	FEATURES,
	FIRST_KERNEL_FEATURE,
	FIRST_SLOT,
	GLOBAL_FEATURE,
	GLOBAL_NODE,
	INPUT_FEATURE,
	INPUT_NODE,
	NODES,
	OUTPUT_FEATURE,
	OUTPUT_NODE,
} from "./dimensions.js";

/** A batch of cells as the encoder reads them. */
export interface CellTensors {
	/** [cells, 9, 9], upper triangular 0/1 with the diagonal of every used node set. */
	readonly adjacency: Float32Array;
	/** [cells, 9, 15], one-hot groups; rows of unused nodes are zero. */
	readonly features: Float32Array;
}

/**
 * Encodes cells as 9×9 adjacency and 9×15 features, the form of the published architectures.
 *
 * Node 0 is the global node, joined to every used node; node 1 is the input; operations stand in canonical order from
 * node 2 on; the output is always node 8. A cell of fewer than six operations leaves the slots before the output empty:
 * no edge, no feature, and no edge from the global node, which is how the decoder says which slots are in use.
 */
export function encodeCells(cells: readonly Cell[]): CellTensors {
	const adjacency = new Float32Array(cells.length * NODES * NODES);
	const features = new Float32Array(cells.length * NODES * FEATURES);
	cells.forEach((cell, index) => {
		writeAdjacency(cell, adjacency.subarray(index * NODES * NODES, (index + 1) * NODES * NODES));
		writeFeatures(cell, features.subarray(index * NODES * FEATURES, (index + 1) * NODES * FEATURES));
	});
	return { adjacency, features };
}

/** One cell as `adjacency` [81] and `features` [135]; see `encodeCells`. */
export function encodeCellTensors(cell: Cell): CellTensors {
	return encodeCells([cell]);
}

/** Graph node of a cell's node: input 0 → 1, operation i → i + 1, output n + 1 → 8. */
function graphNode(cell: Cell, node: number): number {
	return node === cell.operations.length + 1 ? OUTPUT_NODE : node + INPUT_NODE;
}

function writeAdjacency(cell: Cell, target: Float32Array): void {
	const used = cell.operations.map((_, slot) => FIRST_SLOT + slot);
	for (const node of [GLOBAL_NODE, INPUT_NODE, ...used, OUTPUT_NODE]) {
		target[node * NODES + node] = 1;
		target[GLOBAL_NODE * NODES + node] = 1;
	}
	for (const [from, to] of cell.edges) target[graphNode(cell, from) * NODES + graphNode(cell, to)] = 1;
}

function writeFeatures(cell: Cell, target: Float32Array): void {
	target[GLOBAL_NODE * FEATURES + GLOBAL_FEATURE] = 1;
	target[INPUT_NODE * FEATURES + INPUT_FEATURE] = 1;
	target[OUTPUT_NODE * FEATURES + OUTPUT_FEATURE] = 1;
	cell.operations.forEach(({ type, kernel }, slot) => {
		const row = (FIRST_SLOT + slot) * FEATURES;
		target[row + OPERATION_TYPES.indexOf(type)] = 1;
		target[row + FIRST_KERNEL_FEATURE + KERNELS.indexOf(kernel)] = 1;
	});
}
