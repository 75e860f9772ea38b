import { invalidArgument, throwIfAborted } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { Matrix } from "ml-matrix";
import { floorCovariance } from "./covariance.js";
import { type EmRun, expectationMaximisation } from "./expectation-maximisation.js";
import { kMeans } from "./k-means.js";
import { mixtureOf } from "./maximisation.js";
import type { Mixture } from "./mixture.js";
import { Moments } from "./moments.js";
import { packSamples, type SampleBlock, type Samples } from "./samples.js";

/** Progress of a fit, after each iteration of EM. */
export interface FitProgress {
	readonly components: number;
	/** 0 … restarts − 1 */
	readonly restart: number;
	/** 1 … maxIterations */
	readonly iteration: number;
	/** Mean ln p(x) over the samples. */
	readonly logLikelihood: number;
}

export interface FitOptions {
	/** K, at least 1 and at most the number of samples. */
	readonly components: number;
	readonly random: Random;
	/** Values a sample; needed with a flat array only. */
	readonly dimension?: number;
	/** Independent k-means++ starts, of which the best fit is returned; default 5. */
	readonly restarts?: number;
	/** Iterations of EM a start, default 200. */
	readonly maxIterations?: number;
	/** Gain of mean log-likelihood below which a run has converged, default 1e-4. */
	readonly tolerance?: number;
	/** Smallest eigenvalue of a covariance in squared units of the samples, default 1e-6; see `floorCovariance`. */
	readonly covarianceFloor?: number;
	/** Start EM here, once, instead of from k-means++. */
	readonly start?: Mixture;
	readonly signal?: AbortSignal;
	readonly onIteration?: (progress: FitProgress) => void;
}

export interface MixtureFit extends EmRun {
	/** Which start won. */
	readonly restart: number;
}

/** Lloyd iterations of a start: EM refines what k-means leaves rough. */
const K_MEANS_ITERATIONS = 10;

/** A floor this far below the widest variance would be lost in rounding. */
const RELATIVE_FLOOR = 1e-12;

/**
 * Fits a full-covariance Gaussian mixture by EM. The same samples, options and random stream give the same mixture.
 * The event loop gets a turn every few ten milliseconds, so that `signal` can fire.
 *
 * @param samples [n, d], best standardised
 * @throws ArchgenError INVALID_SAMPLES, TOO_FEW_SAMPLES, INVALID_FIELD for options, CANCELLED
 */
export async function fitMixture(samples: Samples, options: FitOptions): Promise<MixtureFit> {
	throwIfAborted(options.signal);
	const block = packSamples(samples, options.dimension ?? options.start?.dimension);
	checkOptions(block, options);
	const overall = overallMoments(block);
	const widest = Math.max(...overall.covariances[0]!.map((row, i) => row[i]!));
	const floor = Math.max(options.covarianceFloor ?? 1e-6, RELATIVE_FLOOR * widest);

	let best: MixtureFit | undefined;
	const restarts = options.start ? 1 : (options.restarts ?? 5);
	for (let restart = 0; restart < restarts; restart++) {
		const random = options.random.fork(`restart ${restart}`);
		const start = options.start
			? floored(options.start, floor)
			: await clusteredStart(block, floored(overall, floor), floor, { ...options, random });
		const run = await expectationMaximisation(block, start, {
			maxIterations: options.maxIterations ?? 200,
			tolerance: options.tolerance ?? 1e-4,
			floor,
			signal: options.signal,
			onIteration: (iteration, logLikelihood) =>
				options.onIteration?.({ components: options.components, restart, iteration, logLikelihood }),
		});
		if (!best || run.logLikelihood > best.logLikelihood) best = { ...run, restart };
	}
	return best!;
}

/** The single normal distribution of all samples, without a floor. */
function overallMoments({ data, count, dimension }: SampleBlock): Mixture {
	const moments = labelledMoments(
		{ data, count, dimension },
		data.slice(0, dimension),
		new Int32Array(count),
	);
	return {
		dimension,
		weights: [1],
		means: [moments.mean(0)],
		covariances: [moments.covariance(0).to2DArray()],
	};
}

/** Moments of k-means clusters; a cluster without samples starts as wide as the whole. */
async function clusteredStart(
	samples: SampleBlock,
	overall: Mixture,
	floor: number,
	options: FitOptions,
): Promise<Mixture> {
	const { components, random, signal } = options;
	const { dimension } = samples;
	const { centres, labels } = await kMeans(samples, components, {
		random,
		iterations: K_MEANS_ITERATIONS,
		signal,
	});
	const moments = labelledMoments(samples, centres, labels);
	const indices = Array.from({ length: components }, (_, k) => k);
	const wide: Mixture = {
		dimension,
		weights: indices.map(() => 1 / components),
		means: indices.map((k) => moments.mean(k)),
		covariances: indices.map(() => overall.covariances[0]!),
	};
	return mixtureOf(moments, wide, floor);
}

/** Moments of samples that belong wholly to the component of their label. */
function labelledMoments(
	{ data, count, dimension }: SampleBlock,
	centres: Float64Array,
	labels: Int32Array,
): Moments {
	const moments = new Moments(centres, dimension);
	const whole = Float64Array.of(1);
	for (let n = 0; n < count; n++) moments.add(labels[n]!, data, n * dimension, 1, whole, 0);
	return moments;
}

function floored(mixture: Mixture, floor: number): Mixture {
	const covariances = mixture.covariances.map((rows) =>
		floorCovariance(Matrix.checkMatrix(rows as number[][]), floor).to2DArray(),
	);
	return { ...mixture, covariances };
}

function checkOptions({ count, dimension }: SampleBlock, options: FitOptions): void {
	const {
		components,
		restarts = 5,
		maxIterations = 200,
		tolerance = 1e-4,
		covarianceFloor = 1e-6,
		start,
	} = options;
	requireCount("components", components);
	requireCount("restarts", restarts);
	requireCount("maxIterations", maxIterations);
	if (!(tolerance >= 0)) throw invalidArgument("tolerance", "must be at least 0");
	if (!(covarianceFloor > 0)) throw invalidArgument("covarianceFloor", "must be greater than 0");
	if (count < components) {
		const description = `must be at most the number of samples, ${count}; give more samples or ask for fewer components`;
		throw invalidArgument("components", description, "TOO_FEW_SAMPLES");
	}
	if (start && (start.dimension !== dimension || start.weights.length !== components)) {
		throw invalidArgument("start", `must have ${components} components of dimension ${dimension}`);
	}
}

function requireCount(field: string, value: number): void {
	if (!Number.isSafeInteger(value) || value < 1)
		throw invalidArgument(field, "must be a whole number of at least 1");
}
