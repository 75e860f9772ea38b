import { createRandom, type Random } from "@archgen/random";
import { type ArchitectureSpace, architectureKey, sampleMeasures } from "@archgen/search-space";
import type { PropertyModel } from "../property-model.js";
import { BLOCK_ROWS } from "../score-sampler.js";
import { architectureText, countArchitecture, isBuildable, statesOf } from "../spaces/space-states.js";

/** One generated architecture. */
export interface Sample {
	/** As `architectureText` writes it; null for a sample that is no architecture. */
	readonly architecture: unknown;
	readonly valid: boolean;
	/** Null for a sample that is no architecture, and in spaces whose networks cannot be built. */
	readonly parameterCount: number | null;
	readonly macCount: number | null;
	/** By name of the predictor, in the unit of its target. */
	readonly predicted: Readonly<Record<string, number>>;
}

/** What is known once sampling is over. */
export interface SampleSummary {
	/** Samples that were drawn, kept or not. */
	readonly generated: number;
	/** Share of them that is valid, whether or not it meets the bound. */
	readonly validity: number;
	/** Share of the valid ones that are left when each is counted once. */
	readonly uniqueness: number;
	/** Only where nothing meets the bound: the sample that comes nearest. */
	readonly nearest?: Sample;
}

export interface SampleReport extends Omit<SampleSummary, "generated"> {
	readonly space: string;
	readonly generator: string;
	readonly samples: readonly Sample[];
	readonly millisecondsPerSample: number;
}

/** An upper bound of a predicted property. */
export interface Bound {
	readonly predictor: string;
	readonly most: number;
}

/** Architectures that a generator is to draw. */
export interface DrawRequest {
	readonly count: number;
	/** Number of the first one among those of the random stream, a multiple of {@link BLOCK_ROWS}. */
	readonly first: number;
	readonly random: Random;
	/** How strongly to lead to large values of the bound's predictor, for generators that can: 0 or negative. */
	readonly boundStrength: number;
}

/** Draws architectures; undefined for a sample that is none of the space. */
export type Draw<A> = (request: DrawRequest) => Promise<readonly (A | undefined)[]>;

export interface SampleOptions<A> {
	readonly space: ArchitectureSpace<A>;
	readonly draw: Draw<A>;
	/** Predictors whose values are reported, by name. */
	readonly predictors: Readonly<Record<string, PropertyModel>>;
	/** Samples above it are replaced. */
	readonly bound?: Bound | undefined;
	readonly count: number;
	readonly seed: number;
	readonly signal?: AbortSignal | undefined;
}

/**
 * Strengths of a bound's own guide in rounds of `count` samples, until so many meet it: the first round is not led at all, so that a bound that most
 * architectures meet changes nothing.
 */
const BOUND_STRENGTHS = [0, -2500, -5000, -10_000, -20_000, -20_000] as const;

/** Samples that are drawn and handed on together. */
const CHUNK = 4 * BLOCK_ROWS;

/**
 * Samples architectures with counts and predictions; under a bound, those that meet it. They come as they are found, and do not depend on how many are
 * drawn together.
 */
export async function* sampleInChunks<A>(
	options: SampleOptions<A>,
): AsyncGenerator<readonly Sample[], SampleSummary> {
	const { space, bound, count } = options;
	const keys: (string | undefined)[] = [];
	let kept = 0;
	let nearest: Sample | undefined;
	for (const [round, strength] of (bound ? BOUND_STRENGTHS : [0]).entries()) {
		for (let first = 0; first < count && kept < count; first += CHUNK) {
			const drawn = await drawChunk(options, { round, first, strength });
			keys.push(...drawn.map((architecture) => architecture && architectureKey(space, architecture)));
			const samples = await describe(options, drawn);
			nearest = nearer(nearest, samples, bound);
			const chosen = samples.filter((sample) => meets(sample, bound)).slice(0, count - kept);
			kept += chosen.length;
			if (chosen.length > 0) yield chosen;
		}
	}
	const { validity, uniqueness } = sampleMeasures(keys);
	return { generated: keys.length, validity, uniqueness, ...(kept === 0 && nearest && { nearest }) };
}

function drawChunk<A>(
	{ draw, count, seed }: SampleOptions<A>,
	{ round, first, strength }: { readonly round: number; readonly first: number; readonly strength: number },
): ReturnType<Draw<A>> {
	const random = createRandom(seed);
	return draw({
		...{ count: Math.min(CHUNK, count - first), first, boundStrength: strength },
		random: round === 0 ? random : random.fork(`round-${round}`),
	});
}

async function describe<A>(
	{ space, predictors, signal }: SampleOptions<A>,
	drawn: readonly (A | undefined)[],
): Promise<Sample[]> {
	const valid = drawn.filter((architecture) => architecture !== undefined);
	const values = new Map<string, readonly number[]>();
	for (const [name, model] of Object.entries(predictors))
		values.set(name, await model.predict(statesOf(space, valid), 0, signal));
	let place = 0;
	return drawn.map((architecture) => {
		if (architecture === undefined)
			return { architecture: null, valid: false, parameterCount: null, macCount: null, predicted: {} };
		const { parameterCount, macCount } = countsOf(space, architecture);
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

function countsOf<A>(
	space: ArchitectureSpace<A>,
	architecture: A,
): Pick<Sample, "parameterCount" | "macCount"> {
	return isBuildable(space)
		? countArchitecture(space, architecture)
		: { parameterCount: null, macCount: null };
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
