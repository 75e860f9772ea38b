import {
	add,
	bceWithLogits,
	constant,
	exp,
	gather,
	mul,
	reduceMean,
	reduceSum,
	relu,
	reshape,
	scalar,
	slice,
	sqrt,
	square,
	sub,
	type Tensor,
} from "@archgen/tensor-graph";
import type { CellLogits } from "./decoder.js";
import {
	EDGE_PAIRS,
	EDGES,
	FIRST_KERNEL_FEATURE,
	FIRST_SLOT,
	KERNEL_SIZES,
	NODES,
	SLOTS,
	TYPES,
} from "./dimensions.js";
import type { Posterior } from "./encoder.js";

/** Weights of the terms of the loss (eq. 4–5). */
export interface LossWeights {
	/** Weight of a present feature against an absent one: about one of nine types and one of three kernels is present. */
	readonly positiveFeature: number;
	/** β of the KL term. The paper's 1 is far too strong for exact reconstruction within minutes of training. */
	readonly beta: number;
	readonly triplet: number;
	/** m of the triplet term, in units of the latent's L2 norm. */
	readonly tripletMargin: number;
	readonly predictor: number;
	/**
	 * Weight of the predictor's error in parameters and flopCount of unlabelled cells: both are exact for every cell, without a
	 * measurement. 0 as published.
	 */
	readonly counts: number;
}

/** Reconstruction targets cut out of the encoder's own input. */
export interface CellTargets {
	readonly edges: Tensor; // [batch, 36]
	readonly types: Tensor; // [batch, 6, 9]
	readonly kernels: Tensor; // [batch, 6, 3]
}

/** @param adjacency [batch, 9, 9] @param features [batch, 9, 15] */
export function cellTargets(adjacency: Tensor, features: Tensor): CellTargets {
	const indices = BigInt64Array.from(EDGE_PAIRS, ([from, to]) => BigInt(from * NODES + to));
	const flat = reshape(adjacency, [adjacency.shape[0]!, NODES * NODES]);
	const slots = { axis: 1, start: FIRST_SLOT, end: FIRST_SLOT + SLOTS };
	const kernels = { axis: 2, start: FIRST_KERNEL_FEATURE, end: FIRST_KERNEL_FEATURE + KERNEL_SIZES };
	return {
		edges: gather(flat, constant(indices, [EDGES], "int64"), 1),
		types: slice(features, [slots, { axis: 2, start: 0, end: TYPES }]),
		kernels: slice(features, [slots, kernels]),
	};
}

/** −log p(x|f): binary cross-entropy summed over edges and features, averaged over cells. Scalar, in nats a cell. */
export function reconstructionLoss(
	logits: CellLogits,
	targets: CellTargets,
	positiveFeature: number,
): Tensor {
	const edges = bceWithLogits(logits.edges, targets.edges);
	const weighted = (x: Tensor, target: Tensor) =>
		mul(bceWithLogits(x, target), add(scalar(1), mul(target, scalar(positiveFeature - 1))));
	return add(
		add(sumPerCell(edges), sumPerCell(weighted(logits.types, targets.types))),
		sumPerCell(weighted(logits.kernels, targets.kernels)),
	);
}

/** KL[N(μ, σ²) ‖ N(0, 1)] summed over the latent, averaged over cells. Scalar, in nats a cell. */
export function klDivergence({ mean, logStd }: Posterior): Tensor {
	const variance = exp(mul(logStd, scalar(2)));
	const twice = sub(sub(add(square(mean), variance), scalar(1)), mul(logStd, scalar(2)));
	return mul(sumPerCell(twice), scalar(0.5));
}

/**
 * Triplet margin loss max{‖f_x − f_a‖ − ‖f_x − f_b‖ + m, 0}, averaged over anchors (L2 norm).
 *
 * @param latent [labelled, latent]
 * @param positive row of a for each anchor, int64 [labelled]
 * @param negative row of b for each anchor, int64 [labelled]
 */
export function tripletLoss(latent: Tensor, positive: Tensor, negative: Tensor, margin: number): Tensor {
	const near = distance(latent, gather(latent, positive, 0));
	const far = distance(latent, gather(latent, negative, 0));
	return reduceMean(relu(add(sub(near, far), scalar(margin))));
}

/** (q(f) − z)² summed over the four proxies, averaged over cells. */
export function predictorLoss(predicted: Tensor, zc: Tensor): Tensor {
	return sumPerCell(square(sub(predicted, zc)));
}

/** f = μ + σ ε. */
export function reparameterize({ mean, logStd }: Posterior, noise: Tensor): Tensor {
	return add(mean, mul(exp(logStd), noise));
}

/** Sum over everything but the batch, mean over the batch. */
function sumPerCell(x: Tensor): Tensor {
	const axes = x.shape.map((_, axis) => axis).slice(1);
	return reduceMean(reduceSum(x, axes));
}

function distance(a: Tensor, b: Tensor): Tensor {
	// The floor keeps the gradient of the root finite where both rows are the same cell.
	return sqrt(add(reduceSum(square(sub(a, b)), [1]), scalar(1e-8)));
}
