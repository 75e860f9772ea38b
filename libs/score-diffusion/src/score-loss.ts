import { fillNormal, type Random } from "@archgen/random";
import {
	add,
	f32,
	input,
	type LossTerms,
	mul,
	ParameterScope,
	reduceMean,
	reshape,
	square,
	type TensorValue,
} from "@archgen/tensor-graph";
import { scoreNetwork } from "./score-network.js";
import type { ScoreNetworkSize } from "./score-network-size.js";
import { FIRST_TIME, sigmaAt, type VarianceExplodingSde } from "./sde.js";
import { type StateShape, stateSize } from "./state-shape.js";

export interface ScoreLoss extends LossTerms {
	readonly parameters: ParameterScope;
}

/**
 * Denoising score matching (Vincent 2011) in the weighting of Song et al. (2021): with x_t = x₀ + σ ε,
 *
 *     L = E (σ s(x_t, σ) + ε)²,
 *
 * averaged over the batch and all entries. Its minimiser is the score of the noised data. The batch is that of {@link scoreBatch}.
 */
export function scoreLoss(shape: StateShape, size: ScoreNetworkSize, rows: number): ScoreLoss {
	const entries = [rows, shape.nodes, shape.operations];
	const [clean, noise, sigma] = [input("clean", entries), input("noise", entries), input("sigma", [rows, 1])];
	const level = reshape(sigma, [rows, 1, 1]);
	const parameters = new ParameterScope();
	const score = scoreNetwork(parameters, add(clean, mul(level, noise)), sigma, shape, size);
	return { loss: reduceMean(square(add(mul(level, score), noise))), parameters };
}

/**
 * One training batch, a function of the random stream alone: rows of the data with noise at times that are stratified over (0, 1].
 *
 * @param states ±1, flat [architectures, nodes, operations]
 */
export function scoreBatch(
	states: Float32Array,
	shape: StateShape,
	sde: VarianceExplodingSde,
	rows: number,
	random: Random,
): Record<string, TensorValue> {
	const entries = [rows, shape.nodes, shape.operations];
	const sigma = stratifiedTimes(rows, random).map((t) => sigmaAt(sde, t));
	return {
		clean: f32(drawRows(states, stateSize(shape), rows, random), entries),
		noise: f32(fillNormal(random, new Float32Array(rows * stateSize(shape))), entries),
		sigma: f32(sigma, [rows, 1]),
	};
}

/** One time in each of `rows` equal slices of the interval that is trained on: the uniform distribution with less variance. */
export function stratifiedTimes(rows: number, random: Random): Float32Array {
	const slice = (1 - FIRST_TIME) / rows;
	return Float32Array.from({ length: rows }, (_, row) => FIRST_TIME + (row + random.uniform()) * slice);
}

/** Rows drawn uniformly with replacement, flat. */
function drawRows(data: Float32Array, width: number, rows: number, random: Random): Float32Array {
	const drawn = new Float32Array(rows * width);
	const count = data.length / width;
	for (let row = 0; row < rows; row++) {
		const from = random.integer(count) * width;
		drawn.set(data.subarray(from, from + width), row * width);
	}
	return drawn;
}
