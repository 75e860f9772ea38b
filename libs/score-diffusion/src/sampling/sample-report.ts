import { createRandom } from "@archgen/random";
import { architectureKey, type SearchSpace, sampleMeasures } from "@archgen/search-space";
import type { PropertyModel } from "../property-model.js";
import type { Sampler } from "../samplers.js";
import type { ScoreSampler } from "../score-sampler.js";
import { architectureText, countArchitecture, statesOf } from "../spaces/space-states.js";
import { generateArchitectures } from "./generate.js";

/** One generated architecture. */
export interface Sample {
	/** As `architectureText` writes it; null for a sample that is no architecture. */
	readonly architecture: unknown;
	readonly valid: boolean;
	readonly parameterCount: number | null;
	readonly macCount: number | null;
	/** By name of the predictor, in the unit of its target. */
	readonly predicted: Readonly<Record<string, number>>;
}

export interface SampleReport {
	readonly space: string;
	readonly generator: string;
	readonly samples: readonly Sample[];
	/** Share of what was generated that is valid, whether or not it meets the bound. */
	readonly validity: number;
	/** Share of the valid ones that are left when each is counted once. */
	readonly uniqueness: number;
	readonly millisecondsPerSample: number;
	/** Only where nothing meets the bound: the sample that comes nearest. */
	readonly nearest?: Sample;
}

/** An upper bound of a predicted property. Its predictor is the sampler's last guide, behind those of `strengths`. */
export interface Bound {
	readonly predictor: string;
	readonly most: number;
}

export interface SampleOptions<A> {
	readonly space: SearchSpace<A>;
	readonly sampler: ScoreSampler;
	readonly method: Sampler;
	readonly strengths: readonly number[];
	/** Predictors whose values are reported, by name. */
	readonly predictors: Readonly<Record<string, PropertyModel>>;
	/** Samples above it are replaced. */
	readonly bound?: Bound | undefined;
	readonly count: number;
	readonly seed: number;
	/** Milliseconds. */
	readonly now: () => number;
	readonly signal?: AbortSignal | undefined;
	/** Called with samples generated so far, and how many of them are kept. */
	readonly onProgress?: (generated: number, kept: number) => void;
}

/**
 * Strengths of a bound's own guide in rounds of `count` samples, until so many meet it: the first round is not led at all, so that a bound that most
 * architectures meet changes nothing.
 */
const BOUND_STRENGTHS = [0, -2500, -5000, -10_000, -20_000, -20_000] as const;

/** Samples architectures with counts and predictions; under a bound, those that meet it. */
export async function sampleArchitectures<A>(options: SampleOptions<A>): Promise<SampleReport> {
	const { space, bound, count, now } = options;
	const began = now();
	const kept: Sample[] = [];
	const keys: (string | undefined)[] = [];
	let nearest: Sample | undefined;
	for (let round = 0; kept.length < count && round < (bound ? BOUND_STRENGTHS.length : 1); round++) {
		const drawn = await drawRound(options, round, kept.length);
		keys.push(...drawn.map((architecture) => architecture && architectureKey(space, architecture)));
		const samples = await describe(options, drawn);
		kept.push(...samples.filter((sample) => meets(sample, bound)));
		nearest = nearer(nearest, samples, bound);
		options.onProgress?.(keys.length, kept.length);
	}
	const { validity, uniqueness } = sampleMeasures(keys);
	return {
		...{ space: space.name, generator: "score", samples: kept.slice(0, count), validity, uniqueness },
		millisecondsPerSample: count === 0 ? 0 : (now() - began) / keys.length,
		...(kept.length === 0 && nearest && { nearest }),
	};
}

function drawRound<A>(options: SampleOptions<A>, round: number, kept: number): Promise<(A | undefined)[]> {
	const { space, sampler, method, bound, count, seed, signal, onProgress } = options;
	const random = createRandom(seed);
	const strengths = [...options.strengths, ...(bound ? [BOUND_STRENGTHS[round]!] : [])];
	return generateArchitectures(space, sampler, {
		...{ count, sampler: method, strengths, signal },
		random: round === 0 ? random : random.fork(`round-${round}`),
		onProgress: (done) => onProgress?.(round * count + done, kept),
	});
}

async function describe<A>(
	{ space, predictors, signal }: SampleOptions<A>,
	drawn: readonly (A | undefined)[],
): Promise<Sample[]> {
	const valid = drawn.filter((architecture) => architecture !== undefined);
	const states = statesOf(space, valid);
	const values = new Map<string, readonly number[]>();
	for (const [name, model] of Object.entries(predictors))
		values.set(name, await model.predict(states, 0, signal));
	let place = 0;
	return drawn.map((architecture) => {
		if (architecture === undefined)
			return { architecture: null, valid: false, parameterCount: null, macCount: null, predicted: {} };
		const { parameterCount, macCount } = countArchitecture(space, architecture);
		const predicted = Object.fromEntries([...values].map(([name, all]) => [name, all[place]!]));
		place++;
		return {
			architecture: architectureText(space, architecture),
			valid: true,
			parameterCount,
			macCount,
			predicted,
		};
	});
}

/** Invalid samples are kept without a bound, so that a report shows them. */
function meets({ valid, predicted }: Sample, bound: Bound | undefined): boolean {
	return bound === undefined || (valid && predicted[bound.predictor]! <= bound.most);
}

function nearer(
	best: Sample | undefined,
	samples: readonly Sample[],
	bound: Bound | undefined,
): Sample | undefined {
	if (bound === undefined) return undefined;
	const boundedValue = (sample: Sample) => sample.predicted[bound.predictor]!;
	return samples
		.filter(({ valid }) => valid)
		.reduce((least, sample) => (least && boundedValue(least) <= boundedValue(sample) ? least : sample), best);
}
