import {
	add,
	input,
	type LossTerms,
	mul,
	ParameterScope,
	scalar,
	slice,
	type Tensor,
} from "@archgen/tensor-graph";
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
import { packedNodes } from "./packed-nodes.js";

/** Names of the sub-networks' parameters; export and training agree on them. */
export const SCOPES = { encoder: "encoder", decoder: "decoder", predictor: "predictor" } as const;

/** The terms of the loss and what each is weighted with. */
const WEIGHT_OF = {
	reconstruction: () => 1,
	kl: ({ beta }: LossWeights) => beta,
	triplet: ({ triplet }: LossWeights) => triplet,
	predictor: ({ predictor }: LossWeights) => predictor,
	predictedCounts: ({ counts }: LossWeights) => counts,
} as const;

type Term = keyof typeof WEIGHT_OF;
type Terms = Partial<Record<Term, Tensor>>;

export interface TrainingGraph extends Required<LossTerms> {
	/** The loss as the sum of what the labelled rows add to it and what the unlabelled ones do. */
	readonly shares: readonly Required<LossTerms>[];
	readonly parameters: ParameterScope;
	/** adjacency, features, noise, zc, positive, negative, and counts where they have a weight. */
	readonly batch: Tensor[];
}

export interface BatchSizes {
	/** Rows 0 … labelled − 1 carry a zero-cost vector. */
	readonly labelled: number;
	readonly unlabelled: number;
}

/** What the loss is made of. */
interface Inputs {
	readonly size: GvaeSize;
	readonly sizes: BatchSizes;
	readonly weights: LossWeights;
	readonly parameters: ParameterScope;
	readonly batch: ReturnType<typeof batchInputs>;
}

/** The training loss of the G-VAE (eq. 4–5) as a graph over one mixed batch, labelled rows first. */
export function gvaeLoss(size: GvaeSize, sizes: BatchSizes, weights: LossWeights): TrainingGraph {
	const parameters = new ParameterScope();
	const batch = batchInputs(size, sizes);
	const inputs = { size, sizes, weights, parameters, batch };
	const { counts, ...always } = batch;
	return {
		...lossTerms(inputs, sizes),
		shares: [
			lossTerms(inputs, { labelled: sizes.labelled, unlabelled: 0 }),
			lossTerms(inputs, { labelled: 0, unlabelled: sizes.unlabelled }),
		],
		parameters,
		batch: [...Object.values(always), ...(weights.counts > 0 ? [counts] : [])],
	};
}

function batchInputs(size: GvaeSize, { labelled, unlabelled }: BatchSizes) {
	const rows = labelled + unlabelled;
	return {
		adjacency: input("adjacency", [rows, NODES, NODES]),
		features: input("features", [rows, NODES, FEATURES]),
		noise: input("noise", [rows, size.latent]),
		zc: input("zc", [labelled, ZC_DIMENSION]),
		positive: input("positive", [labelled], "int64"),
		negative: input("negative", [labelled], "int64"),
		counts: input("counts", [unlabelled, ZC_DIMENSION - FIRST_COUNT]),
	};
}

/** What a part of the rows adds to the loss: all labelled ones or none, and the same of the others. */
function lossTerms(inputs: Inputs, part: BatchSizes): Required<LossTerms> {
	const { size, sizes, weights, parameters, batch } = inputs;
	const rows = part.labelled + part.unlabelled;
	const own = (x: Tensor) => rowsOf(x, sizes.labelled - part.labelled, rows);
	const [adjacency, features] = [own(batch.adjacency), own(batch.features)];
	const packed = packedNodes(adjacency);
	const posterior = gvaeEncoder(parameters.scope(SCOPES.encoder), adjacency, features, size, packed);
	const latent = reparameterize(posterior, own(batch.noise));
	const logits = gvaeDecoder(parameters.scope(SCOPES.decoder), latent, size);
	const targets = cellTargets(adjacency, features);
	const ofAllRows = (mean: Tensor) => mul(mean, scalar(rows / (sizes.labelled + sizes.unlabelled)));
	const metrics: Terms = {
		reconstruction: ofAllRows(reconstructionLoss(logits, targets, weights.positiveFeature)),
		kl: ofAllRows(klDivergence(posterior)),
		...(part.labelled > 0 && { triplet: tripletOf(inputs, posterior) }),
		...predictionTerms(inputs, part, latent),
	};
	const weighted = Object.entries(metrics).map(([name, term]) =>
		mul(term, scalar(WEIGHT_OF[name as Term](weights))),
	);
	return { loss: weighted.reduce(add), metrics };
}

/** Distances are taken between means: the metric belongs to the cell, not to one draw of its posterior. */
function tripletOf({ sizes, weights, batch }: Inputs, { mean }: Posterior): Tensor {
	const labelled = rowsOf(mean, 0, sizes.labelled);
	return tripletLoss(labelled, batch.positive, batch.negative, weights.tripletMargin);
}

/** Errors of the predictor: for labelled rows in all proxies, for others in the counts if these have a weight. */
function predictionTerms(
	{ size, weights, parameters, batch }: Inputs,
	part: BatchSizes,
	latent: Tensor,
): Terms {
	const unlabelled = weights.counts > 0 ? part.unlabelled : 0;
	const rows = part.labelled + unlabelled;
	if (rows === 0) return {};
	const predicted = predictor(parameters.scope(SCOPES.predictor), rowsOf(latent, 0, rows), size);
	const counts = { axis: 1, start: FIRST_COUNT, end: ZC_DIMENSION };
	return {
		...(part.labelled > 0 && { predictor: predictorLoss(rowsOf(predicted, 0, part.labelled), batch.zc) }),
		...(unlabelled > 0 && {
			predictedCounts: predictorLoss(
				slice(rowsOf(predicted, part.labelled, unlabelled), [counts]),
				batch.counts,
			),
		}),
	};
}

function rowsOf(x: Tensor, start: number, rows: number): Tensor {
	return rows === x.shape[0] ? x : slice(x, [{ axis: 0, start, end: start + rows }]);
}
