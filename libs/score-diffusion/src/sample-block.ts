import { type RandomState, restoreRandom } from "@archgen/random";
import { f32, type Procedure } from "@archgen/tensor-graph";
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
	readonly random: RandomState;
}

/** Samples over the model of `guidedScoreModel`; replies with states at σ = 0, flat. */
const sampleBlock: Procedure<BlockToSample, Float32Array> = async (model, request, signal) => {
	const { shape, sde, sampler } = request;
	const [rows, nodes, operations] = shape;
	const strengths = f32(request.strengths, [request.strengths.length]);
	const score = async (x: Float32Array, level: number) => {
		const sigma = f32(new Float32Array(rows).fill(level), [rows, 1]);
		const outputs = await model.run({ x: f32(x, shape), sigma, strengths });
		const slopes = outputs.score!.data as Float32Array;
		return confinedScore(slopes, x, level);
	};
	const random = restoreRandom(request.random);
	const start = priorSample(sde, rows * nodes * operations, random.fork("prior"));
	return runSampler({ score, start, rows, signal }, sde, sampler, random.fork("steps"));
};

export default sampleBlock;
