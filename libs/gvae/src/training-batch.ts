import { invalidArgument } from "@archgen/errors";
import { fillNormal, type Random } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import { f32, i64, type TensorValue } from "@archgen/tensor-graph";
import { encodeCells } from "./cell-tensors.js";
import { FEATURES, FIRST_COUNT, NODES, ZC_DIMENSION } from "./dimensions.js";
import type { LossWeights } from "./loss.js";
import type { BatchSizes } from "./training-graph.js";
import { chooseTriplets } from "./triplets.js";

/** A cell whose zero-cost vector has been measured. */
export interface LabelledCell {
	readonly cell: Cell;
	/** Standardised [NASWOT, SNIP-SSNR, parameters, flopCount]. */
	readonly zc: readonly number[];
}

export interface GvaeData {
	/** Cells without measurements: a list, or "generated" for fresh random cells at every step. */
	readonly unlabelled: readonly Cell[] | "generated";
	readonly labelled: readonly LabelledCell[];
	/** Canonical hashes that generated cells must avoid: the held-out cells of the evaluation. */
	readonly exclude?: ReadonlySet<string>;
	/** Standardised [parameters, flopCount] of a cell in α_x; needed where `LossWeights.counts` is not 0. */
	readonly counts?: (cell: Cell) => readonly number[];
}

const MINIMUM_LABELLED = 3;

/** Throws INVALID_ARGUMENT if there is too little to train on. */
export function checkGvaeData(data: GvaeData, weights: LossWeights): void {
	if (weights.counts > 0 && data.counts === undefined)
		throw invalidArgument(
			"counts",
			"the loss has a term for counts of unlabelled cells; pass them or set its weight to 0",
		);
	if (data.labelled.length < MINIMUM_LABELLED) {
		throw invalidArgument("labelled", `a triplet needs at least ${MINIMUM_LABELLED} labelled cells`);
	}
	if (data.unlabelled !== "generated" && data.unlabelled.length === 0) {
		throw invalidArgument("unlabelled", 'the list is empty; pass cells or "generated"');
	}
	if (data.labelled.some(({ zc }) => zc.length !== ZC_DIMENSION || !zc.every(Number.isFinite))) {
		throw invalidArgument("labelled", `each zero-cost vector needs ${ZC_DIMENSION} finite numbers`);
	}
}

/**
 * The batch of one step, a function of its random stream alone, so that a resumed training sees the same batches.
 * Labelled cells first; rows are drawn with replacement.
 */
export function trainingBatch(
	data: GvaeData,
	sizes: BatchSizes,
	latent: number,
	random: Random,
): Record<string, TensorValue> {
	const labelled = Array.from({ length: sizes.labelled }, () => random.pick(data.labelled));
	const unlabelled = Array.from({ length: sizes.unlabelled }, () => unlabelledCell(data, random));
	const rows = sizes.labelled + sizes.unlabelled;
	const { adjacency, features } = encodeCells([...labelled.map(({ cell }) => cell), ...unlabelled]);
	const zc = labelled.map((item) => item.zc);
	const triplets = chooseTriplets(zc, random);
	const counts = data.counts && Float32Array.from(unlabelled.flatMap(data.counts));
	return {
		adjacency: f32(adjacency, [rows, NODES, NODES]),
		features: f32(features, [rows, NODES, FEATURES]),
		noise: f32(fillNormal(random, new Float32Array(rows * latent)), [rows, latent]),
		zc: f32(Float32Array.from(zc.flat()), [sizes.labelled, ZC_DIMENSION]),
		positive: i64(triplets.positive, [sizes.labelled]),
		negative: i64(triplets.negative, [sizes.labelled]),
		...(counts && { counts: f32(counts, [sizes.unlabelled, ZC_DIMENSION - FIRST_COUNT]) }),
	};
}

function unlabelledCell(data: GvaeData, random: Random): Cell {
	if (data.unlabelled !== "generated") return random.pick(data.unlabelled);
	let cell = randomCell(random);
	while (data.exclude?.has(cell.hash)) cell = randomCell(random);
	return cell;
}
