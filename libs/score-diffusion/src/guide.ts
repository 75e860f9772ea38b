import { mul, type ParameterScope, scalar, type Tensor } from "@archgen/tensor-graph";
import { predictorNetwork } from "./predictor-network.js";
import type { Parameters } from "./stored-network.js";
import type { TrainedPredictor } from "./trained-predictor.js";

/**
 * A function f(x, σ) whose gradient leads sampling to where it is large: the sampled density is that of the score times exp(Σ strength · f).
 * Guides are exchangeable without another training of the score, and add up.
 */
export interface Guide {
	/** x [batch, nodes, operations], sigma [batch, 1] → f [batch, 1]; must have a gradient with respect to x. */
	readonly graph: (scope: ParameterScope, x: Tensor, sigma: Tensor) => Tensor;
	/** Values of the parameters that the graph defines. */
	readonly parameters: Parameters;
}

/** Standardised values are divided by this in guides, as published, which puts useful strengths near 10,000. */
export const STANDARD_DEVIATIONS = 100;

/** Guides to large values of a predicted property; a negative strength guides to small ones. */
export function predictorGuide({ description, parameters }: TrainedPredictor): Guide {
	const { shape, size } = description;
	return {
		graph: (scope, x, sigma) =>
			mul(predictorNetwork(scope, x, sigma, shape, size), scalar(1 / STANDARD_DEVIATIONS)),
		parameters,
	};
}
