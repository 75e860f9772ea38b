import { CELL_CLASSES, KERNELS, OPERATION_TYPES, operationFromLabel, RAW_NODES } from "@archgen/search-space";
import { type DecodeResult, decodeCell } from "./decode-cell.js";
import {
	EDGES,
	edgeIndex,
	FIRST_SLOT,
	GLOBAL_NODE,
	INPUT_NODE,
	KERNEL_SIZES,
	SLOTS,
	TYPES,
} from "./dimensions.js";

/** A drawn cell that need not be one, in the form of the space `cells`; every entry from 0 to 1. */
export interface DrawnTensors {
	/** Weights of the classes of each node, flat [8, `CELL_CLASSES`]. */
	readonly nodes: Float32Array;
	/** Weights of the edges, of which the upper triangle is read, flat [8, 8]. */
	readonly adjacency: Float32Array;
}

/** First class that is an operation: input and output come before. */
const FIRST_OPERATION = 2;
const OPERATIONS = OPERATION_TYPES.length * KERNELS.length;
/** Node of the G-VAE's graph for a node of the space: that graph has the global node in front. */
const place = (node: number) => node + INPUT_NODE;

/**
 * The cell of drawn tensors by the rules of the repairing decoder (`decodeCell`): a node between input and output is used if its likeliest operation
 * weighs above ½, edges exist above ½, a used node without a parent gets its likeliest one, and one that leads nowhere is joined to the output.
 *
 * Never throws: tensors that hold no cell are returned as a failure with its reason.
 */
export function repairCell({ nodes, adjacency }: DrawnTensors): DecodeResult {
	const edges = new Float32Array(EDGES);
	for (let to = 1; to < RAW_NODES; to++)
		for (let from = 0; from < to; from++)
			edges[edgeIndex(place(from), place(to))] = adjacency[from * RAW_NODES + to]!;
	const [types, kernels] = [new Float32Array(SLOTS * TYPES), new Float32Array(SLOTS * KERNEL_SIZES)];
	for (let slot = 0; slot < SLOTS; slot++) {
		const start = (slot + 1) * CELL_CLASSES.length + FIRST_OPERATION;
		const weights = nodes.subarray(start, start + OPERATIONS);
		const label = weights.reduce((best, weight, i) => (weight > weights[best]! ? i : best), 0);
		const { type, kernel } = operationFromLabel(label);
		types[slot * TYPES + OPERATION_TYPES.indexOf(type)] = 1;
		kernels[slot * KERNEL_SIZES + KERNELS.indexOf(kernel)] = 1;
		edges[edgeIndex(GLOBAL_NODE, FIRST_SLOT + slot)] = weights[label]!;
	}
	return decodeCell({ edges, types, kernels });
}
