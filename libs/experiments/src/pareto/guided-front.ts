import { ArchgenError } from "@archgen/errors";
import { createRandom, type Random } from "@archgen/random";
import {
	generateArchitectures,
	type Sampler,
	ScoreSampler,
	type TrainedScore,
} from "@archgen/score-diffusion";
import { architectureKey, type SearchSpace } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import { processGuides } from "../process-guide.js";
import { volumeIn } from "./fronts.js";
import { OBJECTIVES, type ObjectiveModels, type Objectives } from "./objectives.js";

/** A search for strengths and the sampling with them. */
export interface FrontSearch {
	/** Combinations of strengths that are tried; the first ones lead to one objective alone, and to all alike. */
	readonly trials: number;
	/** Samples of each trial. */
	readonly samplesOfTrial: number;
	/** Combinations that are kept, those which together have the largest predicted volume. */
	readonly kept: number;
	/** Samples in all with the kept ones. */
	readonly samples: number;
	/** Least and largest sum of the strengths, from which trials draw evenly in the logarithm. */
	readonly total: readonly [least: number, most: number];
	readonly sampler: Sampler;
	readonly seed: number;
}

export interface GuidedFront<A> {
	/** Distinct valid architectures, in the order in which they were sampled. */
	readonly architectures: readonly A[];
	/** Share of the samples that are valid. */
	readonly validity: number;
	/** Strengths that were kept, one for each objective. */
	readonly strengths: readonly (readonly number[])[];
}

/** Strengths of a trial: the directions of single objectives, then all alike, then random ones. */
function strengthsOf(trial: number, [least, most]: FrontSearch["total"], random: Random): number[] {
	const total = least * (most / least) ** random.uniform();
	const shares = OBJECTIVES.map((_, k) => {
		if (trial < OBJECTIVES.length) return k === trial ? 1 : 0;
		return trial === OBJECTIVES.length ? 1 : -Math.log(1 - random.uniform());
	});
	const sum = shares.reduce((a, b) => a + b, 0);
	return shares.map((share) => (total * share) / sum);
}

/**
 * Samples architectures near the front of several objectives, each of which guides with a strength of its own. One combination of strengths leads to one region of
 * the front, so several are wanted: random combinations are tried with few samples each, and those kept that one after another add most to the
 * volume which the samples dominate by prediction. The table has no part in this but for the labelled rows of the surrogates.
 *
 * @throws ArchgenError FAILED_PRECONDITION `NO_VALID_SAMPLE`, CANCELLED
 */
export async function guidedFront<A>(
	pool: SessionPool,
	space: SearchSpace<A>,
	score: TrainedScore,
	models: ObjectiveModels<A>,
	search: FrontSearch,
	hooks: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
): Promise<GuidedFront<A>> {
	const random = createRandom(search.seed).fork("front");
	const guides = models.surrogates.map(processGuides(space, random.fork("examples")));
	const sampler = await ScoreSampler.create(pool, score, guides);
	let done = 0;
	const draw = async (name: string, count: number, strengths: readonly number[]) => {
		const request = { count, sampler: search.sampler, strengths, random: random.fork(name) };
		const drawn = await generateArchitectures(space, sampler, { ...request, signal: hooks.signal });
		done += count;
		hooks.onProgress(done);
		return drawn;
	};
	try {
		const trials: Trial[] = [];
		for (let i = 0; i < search.trials; i++) {
			const strengths = strengthsOf(i, search.total, random.fork(`trial-${i}`));
			const drawn = await draw(`trial-${i}-noise`, search.samplesOfTrial, strengths);
			trials.push({ strengths, predicted: valid(drawn).map(models.predict) });
		}
		if (trials.every(({ predicted }) => predicted.length === 0)) throw noValidSample();
		const strengths = bestTogether(trials, search.kept).map((trial) => trial.strengths);
		const each = Math.ceil(search.samples / strengths.length);
		const drawn: (A | undefined)[] = [];
		for (const [i, chosen] of strengths.entries()) drawn.push(...(await draw(`final-${i}`, each, chosen)));
		const distinct = new Map(valid(drawn).map((a) => [architectureKey(space, a), a]));
		return {
			architectures: [...distinct.values()],
			validity: valid(drawn).length / drawn.length,
			strengths,
		};
	} finally {
		await sampler.release();
	}
}

interface Trial {
	readonly strengths: readonly number[];
	readonly predicted: readonly Objectives[];
}

/** The trials that one after another add most to the volume of the predicted objectives. */
function bestTogether(trials: readonly Trial[], count: number): Trial[] {
	const volume = volumeIn(trials.flatMap(({ predicted }) => predicted));
	const kept: Trial[] = [];
	while (kept.length < Math.min(count, trials.length)) {
		const have = kept.flatMap(({ predicted }) => predicted);
		const left = trials.filter((trial) => !kept.includes(trial));
		const gains = left.map((trial) => volume([...have, ...trial.predicted]));
		kept.push(left[gains.indexOf(Math.max(...gains))]!);
	}
	return kept;
}

function noValidSample(): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "NO_VALID_SAMPLE",
		message: "No sample of any trial is an architecture of the space; take more steps or another score.",
	});
}

function valid<A>(drawn: readonly (A | undefined)[]): A[] {
	return drawn.filter((each) => each !== undefined);
}
