import { breathe } from "./event-loop.js";
import { mixtureOf } from "./maximisation.js";
import type { Mixture } from "./mixture.js";
import { Moments } from "./moments.js";
import { BLOCK, type PackedMixture, pack } from "./packed-mixture.js";
import type { SampleBlock } from "./samples.js";

/** What one run of EM came to. */
export interface EmRun {
	readonly mixture: Mixture;
	/** Mean ln p(x) over the samples under `mixture`. */
	readonly logLikelihood: number;
	/** logLikelihood of the start and after each iteration; never falls but by rounding. */
	readonly history: readonly number[];
	readonly iterations: number;
	/** Whether the last iteration gained less than the tolerance. */
	readonly converged: boolean;
}

export interface EmOptions {
	readonly maxIterations: number;
	readonly tolerance: number;
	readonly floor: number;
	readonly signal?: AbortSignal | undefined;
	readonly onIteration?: ((iteration: number, logLikelihood: number) => void) | undefined;
}

/** Expectation maximisation from a start whose covariances respect the floor (Dempster, Laird and Rubin 1977). */
export async function expectationMaximisation(
	samples: SampleBlock,
	start: Mixture,
	options: EmOptions,
): Promise<EmRun> {
	let mixture = start;
	let step = await expectation(samples, mixture, options.signal);
	const history = [step.logLikelihood];
	let converged = false;
	while (!converged && history.length <= options.maxIterations) {
		mixture = mixtureOf(step.moments, mixture, options.floor);
		step = await expectation(samples, mixture, options.signal);
		converged = step.logLikelihood - history.at(-1)! < options.tolerance;
		history.push(step.logLikelihood);
		options.onIteration?.(history.length - 1, step.logLikelihood);
	}
	return { mixture, logLikelihood: step.logLikelihood, history, iterations: history.length - 1, converged };
}

/** Point–component pairs between two looks at the signal, some ten milliseconds. */
const PAIRS_AT_ONCE = 400_000;

/** E step: the likelihood and the moments under the responsibilities, in one pass. */
async function expectation(samples: SampleBlock, mixture: Mixture, signal: AbortSignal | undefined) {
	const model = pack(mixture);
	const moments = new Moments(model.means, model.dimension);
	const rows = BLOCK * Math.max(1, Math.floor(PAIRS_AT_ONCE / (BLOCK * model.components)));
	let sum = 0;
	for (let start = 0; start < samples.count; start += rows) {
		await breathe(signal);
		sum += accumulate(samples, start, Math.min(samples.count, start + rows), model, moments);
	}
	return { moments, logLikelihood: sum / samples.count };
}

/** Adds samples start … end − 1 to the moments and returns the sum of their log-densities. */
function accumulate(
	samples: SampleBlock,
	start: number,
	end: number,
	model: PackedMixture,
	moments: Moments,
): number {
	let sum = 0;
	for (let first = start; first < end; first += BLOCK) {
		const count = Math.min(BLOCK, end - first);
		model.evaluate(samples.data, first * samples.dimension, count);
		for (let n = 0; n < count; n++) sum += model.logDensities[n]!;
		for (let k = 0; k < model.components; k++) {
			moments.add(k, samples.data, first * samples.dimension, count, model.shares, k * BLOCK);
		}
	}
	return sum;
}
