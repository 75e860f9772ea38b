import { add, input, mul, ParameterScope, scalar, slice, type Tensor } from "@archgen/tensor-graph";
import { gvaeDecoder, predictor } from "./decoder.js";
import { FEATURES, FIRST_COUNT, NODES, ZC_DIMENSION } from "./dimensions.js";
import { gvaeEncoder, type Posterior } from "./encoder.js";
import type { GvaeSize } from "./gvae-size.js";
import {
	cellTargets,
	klDivergence,
	type LossWeights,
	predictorLoss,
	reconstructionLoss,
	reparameterize,
	tripletLoss,
} from "./loss.js";

/** Names of the sub-networks' parameters; export and training agree on them. */
export const SCOPES = { encoder: "encoder", decoder: "decoder", predictor: "predictor" } as const;

export interface TrainingGraph {
	readonly loss: Tensor;
	readonly metrics: Record<string, Tensor>;
	readonly parameters: ParameterScope;
	/** adjacency, features, noise, zc, positive, negative, and counts where they have a weight. */
	readonly batch: Tensor[];
}

export interface BatchSizes {
	/** Rows 0 … labelled − 1 carry a zero-cost vector. */
	readonly labelled: number;
	readonly unlabelled: number;
}

/** The training loss of the G-VAE (eq. 4–5) as a graph over one mixed batch, labelled rows first. */
export function gvaeLoss(size: GvaeSize, sizes: BatchSizes, weights: LossWeights): TrainingGraph {
	const rows = sizes.labelled + sizes.unlabelled;
	const adjacency = input("adjacency", [rows, NODES, NODES]);
	const features = input("features", [rows, NODES, FEATURES]);
	const noise = input("noise", [rows, size.latent]);
	const zc = input("zc", [sizes.labelled, ZC_DIMENSION]);
	const positive = input("positive", [sizes.labelled], "int64");
	const negative = input("negative", [sizes.labelled], "int64");
	const parameters = new ParameterScope();

	const posterior = gvaeEncoder(parameters.scope(SCOPES.encoder), adjacency, features, size);
	const latent = reparameterize(posterior, noise);
	const logits = gvaeDecoder(parameters.scope(SCOPES.decoder), latent, size);
	const targets = cellTargets(adjacency, features);
	const hasCounts = weights.counts > 0;
	const counts = input("counts", [sizes.unlabelled, ZC_DIMENSION - FIRST_COUNT]);
	const predictedRows = hasCounts ? latent : head(latent, sizes.labelled);
	const predicted = predictor(parameters.scope(SCOPES.predictor), predictedRows, size);
	const metrics = {
		reconstruction: reconstructionLoss(logits, targets, weights.positiveFeature),
		kl: klDivergence(posterior),
		triplet: tripletOf(posterior, sizes.labelled, positive, negative, weights.tripletMargin),
		predictor: predictorLoss(hasCounts ? head(predicted, sizes.labelled) : predicted, zc),
		...(hasCounts && { predictedCounts: predictorLoss(countsOf(predicted, sizes), counts) }),
	};
	const loss = [
		metrics.reconstruction,
		mul(metrics.kl, scalar(weights.beta)),
		mul(metrics.triplet, scalar(weights.triplet)),
		mul(metrics.predictor, scalar(weights.predictor)),
		...(metrics.predictedCounts ? [mul(metrics.predictedCounts, scalar(weights.counts))] : []),
	].reduce(add);
	const batch = [adjacency, features, noise, zc, positive, negative, ...(hasCounts ? [counts] : [])];
	return { loss, metrics, parameters, batch };
}

/** Predicted parameters and flopCount of the unlabelled rows. */
function countsOf(predicted: Tensor, { labelled, unlabelled }: BatchSizes): Tensor {
	return slice(predicted, [
		{ axis: 0, start: labelled, end: labelled + unlabelled },
		{ axis: 1, start: FIRST_COUNT, end: ZC_DIMENSION },
	]);
}

/** Distances are taken between means: the metric belongs to the cell, not to one draw of its posterior. */
function tripletOf(
	posterior: Posterior,
	labelled: number,
	positive: Tensor,
	negative: Tensor,
	margin: number,
) {
	return tripletLoss(head(posterior.mean, labelled), positive, negative, margin);
}

function head(x: Tensor, rows: number): Tensor {
	return slice(x, [{ axis: 0, start: 0, end: rows }]);
}
