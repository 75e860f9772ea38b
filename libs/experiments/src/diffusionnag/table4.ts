import { createRandom, type Random } from "@archgen/random";
import {
	architectureKey,
	type SampleMeasures,
	type SearchSpace,
	sampleMeasures,
} from "@archgen/search-space";
import { mean, standardDeviation } from "@archgen/statistics";

/** Mean over seeds, and standard deviation, in percent. */
export interface Percentage {
	readonly mean: number;
	readonly sd: number;
}

/** One row of Table 4 of DiffusionNAG. */
export interface Table4Row {
	readonly method: string;
	readonly validity: Percentage;
	readonly uniqueness: Percentage;
	readonly novelty: Percentage;
	/** Wall-clock time; null where nothing is sampled. */
	readonly millisecondsPerSample: number | null;
}

/** A way to draw architectures that Table 4 measures. */
export interface Table4Method<A> {
	readonly method: string;
	readonly generate: (count: number, random: Random) => Promise<readonly (A | undefined)[]>;
}

export interface Table4Options {
	/** Samples of each seed, published 1,000. */
	readonly count: number;
	/** Seeds 0 … seeds − 1, published 3. */
	readonly seeds: number;
	/** Keys of the training set. */
	readonly trained: ReadonlySet<string>;
	/** Milliseconds. */
	readonly now: () => number;
}

/** The published row for NAS-Bench-201: validity 100 %, uniqueness 97 to 98.7 % and novelty 49 %, by data set. */
export const PUBLISHED_TABLE4 = { validity: 100, uniqueness: [97, 98.7], novelty: 49 } as const;

/** Draws uniformly: what a perfect sampler of the whole space would reach. */
export function uniformMethod<A>(space: SearchSpace<A>): Table4Method<A> {
	return {
		method: "uniform draws from the space",
		generate: async (count, random) => Array.from({ length: count }, () => space.random(random)),
	};
}

/** Measures a method over the seeds. */
export async function table4Row<A>(
	space: SearchSpace<A>,
	{ method, generate }: Table4Method<A>,
	{ count, seeds, trained, now }: Table4Options,
): Promise<Table4Row> {
	const measures: SampleMeasures[] = [];
	const began = now();
	for (let seed = 0; seed < seeds; seed++) {
		const drawn = await generate(count, createRandom(seed).fork("table4"));
		measures.push(
			sampleMeasures(
				drawn.map((architecture) => architecture && architectureKey(space, architecture)),
				trained,
			),
		);
	}
	const millisecondsPerSample = (now() - began) / (count * seeds);
	const over = (name: keyof SampleMeasures) => percentage(measures.map((each) => each[name]));
	const [validity, uniqueness, novelty] = [over("validity"), over("uniqueness"), over("novelty")];
	return { method, validity, uniqueness, novelty, millisecondsPerSample };
}

function percentage(shares: readonly number[]): Percentage {
	return { mean: 100 * mean(shares), sd: 100 * standardDeviation(shares) };
}
