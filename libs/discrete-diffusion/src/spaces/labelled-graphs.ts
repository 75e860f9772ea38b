import type { PropertyTable } from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import { type ConditionTarget, conditionMetrics } from "../condition-thresholds.js";
import { classOf } from "../conditions.js";
import type { DenoiserData } from "../training-data.js";
import { graphsOf } from "./space-graphs.js";

/** Target classes and the rows of a table that say who is in them. */
export interface Labels<A> {
	readonly table: PropertyTable<A>;
	readonly targets: readonly ConditionTarget[];
	/** Rows that are trained on. */
	readonly rows: readonly number[];
	/** See `conditionMetrics`. */
	readonly amongWithin: boolean;
}

/**
 * Training data of a denoiser.
 *
 * @param architectures of the space, without labels
 * @param labels none for a model without conditions
 * @throws ArchgenError INVALID_ARGUMENT, reason EMPTY_CLASS
 */
export function denoiserData<A>(
	space: ArchitectureSpace<A>,
	architectures: readonly A[],
	labels: Labels<A> | undefined,
): DenoiserData {
	const graphs = graphsOf(space, architectures);
	if (labels === undefined)
		return { graphs, metrics: [], labelled: graphsOf(space, []), classes: new Uint8Array() };
	const { table, targets, rows, amongWithin } = labels;
	const metrics = conditionMetrics(targets, table.columns, rows, amongWithin);
	const labelled = graphsOf(
		space,
		rows.map((row) => table.architectures[row]!),
	);
	const classes = rows.flatMap((row) =>
		metrics.map((metric) => classOf(metric, table.columns[metric.name]![row]!)),
	);
	return { graphs, metrics, labelled, classes: Uint8Array.from(classes) };
}

/**
 * Training data of a denoiser that is asked for a vector.
 *
 * @param vectors of the architectures, flat [architectures, numbers]
 */
export function vectorDenoiserData<A>(
	space: ArchitectureSpace<A>,
	architectures: readonly A[],
	vectors: Float32Array,
): DenoiserData {
	const graphs = graphsOf(space, architectures);
	const vector = vectors.length / architectures.length;
	return { graphs, metrics: [], labelled: graphs, classes: new Uint8Array(), vector, vectors };
}
