import { type RandomState, restoreRandom } from "@archgen/random";
import { f32, type Procedure } from "@archgen/tensor-graph";
import { guided } from "./classifier-free.js";
import { confinedScore } from "./confined-score.js";
import { runSampler, type Sampler } from "./samplers.js";
import { priorSample, type VarianceExplodingSde } from "./sde.js";

/** States to be sampled together. */
export interface BlockToSample {
	/** Shape of the states, [rows, nodes, operations]. */
	readonly shape: readonly [number, number, number];
	readonly sde: VarianceExplodingSde;
	readonly sampler: Sampler;
	/** One for each guide of the model. */
	readonly strengths: readonly number[];
	/** Condition of each row for a score that is asked for vectors, flat [rows, vector + 1]. */
	readonly conditions?: Float32Array | undefined;
	/** W of classifier-free guidance: score (1 + W) s(x, vector) − W s(x). */
	readonly guidance: number;
	/** The prior's noise is multiplied by this. */
	readonly temperature: number;
	readonly random: RandomState;
}

/** Samples over the model of `guidedScoreModel`; replies with states at σ = 0, flat. */
const sampleBlock: Procedure<BlockToSample, Float32Array> = async (model, request, signal) => {
	const { shape, sde, sampler, conditions, guidance, temperature } = request;
	const [rows, nodes, operations] = shape;
	const strengths = f32(request.strengths, [request.strengths.length]);
	const isGuided = guidance !== 0 && conditions?.some((value) => value !== 0) === true;
	const asked = isGuided ? 2 * rows : rows;
	const told = conditions && withZeros(conditions, asked, rows);
	const score = async (x: Float32Array, level: number) => {
		const sigma = f32(new Float32Array(asked).fill(level), [asked, 1]);
		const states = f32(isGuided ? twice(x) : x, [asked, nodes, operations]);
		const outputs = await model.run({ x: states, sigma, strengths, ...(told && { condition: told }) });
		const slopes = outputs.score!.data as Float32Array;
		return confinedScore(isGuided ? guided(slopes, guidance) : slopes, x, level);
	};
	const random = restoreRandom(request.random);
	const prior = priorSample(sde, rows * nodes * operations, random.fork("prior"));
	const start = temperature === 1 ? prior : prior.map((noise) => temperature * noise);
	return runSampler({ score, start, rows, signal }, sde, sampler, random.fork("steps"));
};

/** Conditions of `rows` rows, and rows of zeros up to `asked`. */
function withZeros(conditions: Float32Array, asked: number, rows: number) {
	const width = conditions.length / rows;
	const all = new Float32Array(asked * width);
	all.set(conditions);
	return f32(all, [asked, width]);
}

function twice(x: Float32Array): Float32Array {
	const both = new Float32Array(2 * x.length);
	both.set(x);
	both.set(x, x.length);
	return both;
}

/** @public a worker loads this file by its name */
export default sampleBlock;
