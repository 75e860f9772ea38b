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
	scalar,
	square,
	type TensorValue,
} from "@archgen/tensor-graph";
import { scoreNetwork } from "./score-network.js";
import type { ScoreNetworkSize } from "./score-network-size.js";
import { FIRST_TIME, sigmaAt, type VarianceExplodingSde } from "./sde.js";
import { type StateShape, stateSize } from "./state-shape.js";
import { vectorCondition, vectorConditionWidth } from "./vector-condition.js";

export interface ScoreLoss extends LossTerms {
	readonly parameters: ParameterScope;
}

/**
 * Denoising score matching (Vincent 2011) in the weighting of Song et al. (2021): with x_t = x₀ + σ ε,
 *
 *     L = E (σ s(x_t, σ) + ε)²,
 *
 * averaged over the batch and all entries. Its minimiser is the score of the noised data. The batch is that of {@link scoreBatch}.
 *
 * @param vector numbers in the vector that the score is asked for, 0 for none
 */
export function scoreLoss(shape: StateShape, size: ScoreNetworkSize, rows: number, vector = 0): ScoreLoss {
	const entries = [rows, shape.nodes, shape.operations];
	const [clean, noise, sigma] = [input("clean", entries), input("noise", entries), input("sigma", [rows, 1])];
	const level = reshape(sigma, [rows, 1, 1]);
	const condition = vector > 0 ? input("condition", [rows, vectorConditionWidth(vector)]) : null;
	const parameters = new ParameterScope();
	const score = scoreNetwork(parameters, add(clean, mul(level, noise)), sigma, shape, size, condition);
	const error = square(add(mul(level, score), noise));
	const weight = add(square(level), scalar(1));
	return {
		loss: reduceMean(size.parameterization === "estimate" ? mul(weight, error) : error),
		parameters,
	};
}

/** Vectors that a score learns to be asked for. */
export interface ScoreVectors {
	/** Numbers in each. */
	readonly width: number;
	/** Of the training set, flat [architectures, width]. */
	readonly values: Float32Array;
	/** Probability of asking for none. */
	readonly dropout: number;
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
	vectors?: ScoreVectors,
): Record<string, TensorValue> {
	const entries = [rows, shape.nodes, shape.operations];
	const width = stateSize(shape);
	const sigma = stratifiedTimes(rows, random).map((t) => sigmaAt(sde, t));
	const drawn = Array.from({ length: rows }, () => random.integer(states.length / width));
	return {
		clean: f32(rowsOf(states, width, drawn), entries),
		noise: f32(fillNormal(random, new Float32Array(rows * width)), entries),
		sigma: f32(sigma, [rows, 1]),
		...(vectors && { condition: conditionsOf(vectors, drawn, random) }),
	};
}

function conditionsOf({ width, values, dropout }: ScoreVectors, drawn: readonly number[], random: Random) {
	const each = drawn.map((row) =>
		vectorCondition(
			width,
			random.uniform() < dropout ? undefined : values.subarray(row * width, (row + 1) * width),
		),
	);
	const own = vectorConditionWidth(width);
	const flat = new Float32Array(drawn.length * own);
	each.forEach((condition, row) => {
		flat.set(condition, row * own);
	});
	return f32(flat, [drawn.length, own]);
}

/** One time in each of `rows` equal slices of the interval that is trained on: the uniform distribution with less variance. */
export function stratifiedTimes(rows: number, random: Random): Float32Array {
	const slice = (1 - FIRST_TIME) / rows;
	return Float32Array.from({ length: rows }, (_, row) => FIRST_TIME + (row + random.uniform()) * slice);
}

/** Rows of flat data, one below the other. */
function rowsOf(data: Float32Array, width: number, rows: readonly number[]): Float32Array {
	const result = new Float32Array(rows.length * width);
	rows.forEach((from, row) => {
		result.set(data.subarray(from * width, (from + 1) * width), row * width);
	});
	return result;
}
