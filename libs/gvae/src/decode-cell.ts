import { ArchgenError } from "@archgen/errors";
import { type Cell, createCell, KERNELS, OPERATION_TYPES, type Operation } from "@archgen/search-space";
import {
	EDGES,
	edgeIndex,
	FIRST_SLOT,
	GLOBAL_NODE,
	INPUT_NODE,
	KERNEL_SIZES,
	OUTPUT_NODE,
	SLOTS,
	TYPES,
} from "./dimensions.js";

/** What the decoder network says about one cell. */
export interface CellScores {
	/** [36] probability of each edge, in the order of `EDGE_PAIRS`. */
	readonly edges: Float32Array;
	/** [6, 9] scores of the operation types, any monotone scale. */
	readonly types: Float32Array;
	/** [6, 3] scores of the kernel sizes, any monotone scale. */
	readonly kernels: Float32Array;
}

/** Why scores hold no cell. */
export type DecodeFailureReason = "NON_FINITE_SCORES" | "NO_OPERATION" | "INVALID_CELL";

export interface DecodedCell {
	readonly ok: true;
	readonly cell: Cell;
	/** Whether an edge had to be added for the graph to be valid. */
	readonly repaired: boolean;
}

export interface DecodeFailure {
	readonly ok: false;
	readonly reason: DecodeFailureReason;
	readonly message: string;
}

export type DecodeResult = DecodedCell | DecodeFailure;

const THRESHOLD = 0.5;

/**
 * The repairing decoder.
 *
 * A slot is used if the global node is joined to it. Edges between used nodes exist above probability 0.5; a used node
 * without a parent gets its likeliest parent; a node that leads nowhere is joined to the output. Parents come before
 * their children, so afterwards every used node lies on a path from input to output. Type and kernel are the argmax.
 *
 * Never throws: what holds no cell is returned as a failure with its reason.
 */
export function decodeCell(scores: CellScores): DecodeResult {
	if (![scores.edges, scores.types, scores.kernels].every((values) => values.every(Number.isFinite))) {
		return failure("NON_FINITE_SCORES", "The decoder returned values that are not finite.");
	}
	const slots = usedSlots(scores.edges);
	if (slots.length === 0) return failure("NO_OPERATION", "The decoder left all six operation slots empty.");
	const { edges, repaired } = repairEdges(scores.edges, slots);
	try {
		return { ok: true, cell: buildCell(scores, slots, edges), repaired };
	} catch (error) {
		if (error instanceof ArchgenError) return failure("INVALID_CELL", error.message);
		throw error;
	}
}

/**
 * Splits batched decoder outputs into one `CellScores` for each of `count` cells.
 *
 * @param batch flat `edges` [count, 36], `types` [count, 6, 9], `kernels` [count, 6, 3]
 */
export function splitScores(batch: CellScores, count: number): CellScores[] {
	const row = (values: Float32Array, index: number, width: number) =>
		values.subarray(index * width, (index + 1) * width);
	return Array.from({ length: count }, (_, index) => ({
		edges: row(batch.edges, index, EDGES),
		types: row(batch.types, index, SLOTS * TYPES),
		kernels: row(batch.kernels, index, SLOTS * KERNEL_SIZES),
	}));
}

function failure(reason: DecodeFailureReason, message: string): DecodeFailure {
	return { ok: false, reason, message };
}

function usedSlots(edges: Float32Array): number[] {
	const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
	return slots.filter((slot) => edges[edgeIndex(GLOBAL_NODE, FIRST_SLOT + slot)]! > THRESHOLD);
}

function repairEdges(probabilities: Float32Array, slots: readonly number[]) {
	const operations = slots.map((slot) => FIRST_SLOT + slot);
	const nodes = [INPUT_NODE, ...operations, OUTPUT_NODE];
	const probability = (from: number, to: number) => probabilities[edgeIndex(from, to)]!;
	const edges = nodes.flatMap((to) =>
		nodes.filter((from) => from < to && probability(from, to) > THRESHOLD).map((from) => [from, to] as const),
	);
	const before = edges.length;
	for (const node of operations) {
		if (edges.some(([, to]) => to === node)) continue;
		const parents = nodes.filter((from) => from < node);
		const likeliest = parents.reduce((best, from) =>
			probability(from, node) > probability(best, node) ? from : best,
		);
		edges.push([likeliest, node]);
	}
	for (const node of operations) {
		if (!edges.some(([from]) => from === node)) edges.push([node, OUTPUT_NODE]);
	}
	return { edges, repaired: edges.length > before };
}

function buildCell(
	scores: CellScores,
	slots: readonly number[],
	edges: readonly (readonly [number, number])[],
): Cell {
	const operations = slots.map(
		(slot): Operation => ({
			type: OPERATION_TYPES[argmax(scores.types, slot * TYPES, TYPES)]!,
			kernel: KERNELS[argmax(scores.kernels, slot * KERNEL_SIZES, KERNEL_SIZES)]!,
		}),
	);
	const position = new Map<number, number>([[INPUT_NODE, 0]]);
	slots.forEach((slot, index) => {
		position.set(FIRST_SLOT + slot, index + 1);
	});
	position.set(OUTPUT_NODE, slots.length + 1);
	return createCell(
		operations,
		edges.map(([from, to]) => [position.get(from)!, position.get(to)!] as const),
	);
}

function argmax(values: Float32Array, start: number, length: number): number {
	let best = 0;
	for (let i = 1; i < length; i++) if (values[start + i]! > values[start + best]!) best = i;
	return best;
}
