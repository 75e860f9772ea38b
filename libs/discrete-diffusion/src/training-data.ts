import type { Random } from "@archgen/random";
import { vectorCondition } from "@archgen/score-diffusion";
import { type ConditionMetric, conditionVector } from "./conditions.js";
import { emptyGraphs, type GraphShape, type Graphs, pairCount } from "./graph-shape.js";

/** Architectures that a denoiser is trained on. */
export interface DenoiserData {
	/** Architectures of the space, which need no labels. */
	readonly graphs: Graphs;
	readonly metrics: readonly ConditionMetric[];
	/** Labelled architectures. */
	readonly labelled: Graphs;
	/** Class of each metric for each labelled architecture, flat [labelled, metrics]. */
	readonly classes: Uint8Array;
	/** Numbers in the vector of a labelled architecture; absent for networks that are asked for classes alone. */
	readonly vector?: number | undefined;
	/** Vector of each labelled architecture, flat [labelled, vector]. */
	readonly vectors?: Float32Array | undefined;
}

/** What is asked of the rows of a batch, and the graphs that answer it. */
export interface DrawnRows {
	readonly graphs: Graphs;
	/** Flat [rows, conditions]. */
	readonly conditions: Float32Array;
}

/** Draws rows of batches. */
export type RowDrawer = (rows: number, random: Random) => DrawnRows;

/**
 * Rows for classifier-free guidance with several conditions. For each row, each metric is kept or dropped independently. A row without conditions is
 * any architecture of the space. Of the others, one half have the target class of every kept metric, as far as there are any, and one half are any
 * labelled architecture: rare target classes are seen often, and the distribution under given classes stays that of the labelled architectures. The vector
 * is dropped in the same way, and one that is kept is that of the row.
 *
 * @param dropout probability of dropping a metric
 */
export function rowDrawer(shape: GraphShape, data: DenoiserData, dropout: number): RowDrawer {
	const { graphs, metrics, labelled, classes, vector = 0, vectors } = data;
	const count = metrics.length;
	const targets = targetRows(classes, count);
	const labelledRow = (kept: number, random: Random) => {
		const among = kept > 0 && random.uniform() < 0.5 ? targets(kept) : [];
		return among.length > 0 ? random.pick(among) : random.integer(labelled.count);
	};
	return (rows, random) => {
		const drawn = emptyGraphs(shape, rows);
		const conditions: Float32Array[] = [];
		for (let row = 0; row < rows; row++) {
			const isKept = metrics.map(() => random.uniform() >= dropout);
			const kept = isKept.reduce((bits, each, m) => (each ? bits | (1 << m) : bits), 0);
			const isVectorKept = vectors !== undefined && random.uniform() >= dropout;
			const isAsked = kept > 0 || isVectorKept;
			const place = isAsked ? labelledRow(kept, random) : random.integer(graphs.count);
			copyGraph(shape, isAsked ? labelled : graphs, place, drawn, row);
			conditions.push(
				conditionVector(isKept.map((each, m) => (each ? classes[place * count + m] : undefined))),
				vectorCondition(
					vector,
					isVectorKept ? vectors.subarray(place * vector, (place + 1) * vector) : undefined,
				),
			);
		}
		return { graphs: drawn, conditions: joined(conditions) };
	};
}

/** Labelled rows that have the target class of every metric of a set of bits. */
function targetRows(classes: Uint8Array, metrics: number): (kept: number) => readonly number[] {
	const bits = Array.from({ length: metrics === 0 ? 0 : classes.length / metrics }, (_, row) =>
		classes.subarray(row * metrics, (row + 1) * metrics).reduce((all, label, m) => all | (label << m), 0),
	);
	const known = new Map<number, number[]>();
	return (kept) => {
		const found = known.get(kept) ?? bits.flatMap((own, row) => ((own & kept) === kept ? [row] : []));
		known.set(kept, found);
		return found;
	};
}

function copyGraph(shape: GraphShape, from: Graphs, place: number, to: Graphs, row: number): void {
	const copy = (source: Uint8Array, target: Uint8Array, width: number) =>
		target.set(source.subarray(place * width, (place + 1) * width), row * width);
	copy(from.nodes, to.nodes, shape.nodes);
	copy(from.edges, to.edges, pairCount(shape));
}

function joined(parts: readonly Float32Array[]): Float32Array {
	const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
	let next = 0;
	for (const part of parts) {
		result.set(part, next);
		next += part.length;
	}
	return result;
}
