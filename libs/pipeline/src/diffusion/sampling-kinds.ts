import {
	type Condition,
	conditionClasses,
	DEFAULT_DISCRETE_METHOD,
	type DiscreteMethod,
} from "@archgen/discrete-diffusion";
import { invalidArgument } from "@archgen/errors";
import { naming } from "@archgen/files";
import type { KindOf } from "@archgen/models";
import { DEFAULT_SAMPLER, PUBLISHED_SAMPLER, type Sampler } from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import { findPredictorOrFolder, type GuideOption } from "./find-predictors.js";
import { type SampleChunks, type SampleJob, sampleByDenoiser, sampleByScore } from "./sample.js";
import { requirePart, type SpaceGenerators } from "./space-bundle.js";

/** Samplers of a score network, by the name that options have. */
export const SCORE_SAMPLERS = {
	"probability-flow": DEFAULT_SAMPLER,
	"predictor-corrector": PUBLISHED_SAMPLER,
} as const;

/** Options of `archgen sample` that only some kinds of generators have. */
export interface SamplingOptions {
	readonly sampler?: keyof typeof SCORE_SAMPLERS;
	readonly guide: readonly GuideOption[];
	readonly condition: readonly Condition[];
	readonly guidance?: number;
	readonly steps?: number;
}

/** Checks the options of a kind and makes its sampling. */
type Prepare = (
	generators: SpaceGenerators,
	space: ArchitectureSpace<unknown>,
	options: SamplingOptions,
	job: SampleJob,
	signal: AbortSignal,
) => Promise<(pool: SessionPool) => SampleChunks>;

interface KindOfSampling {
	readonly prepare: Prepare;
	/** What helps when few samples are valid. */
	readonly advice: (options: SamplingOptions) => string;
}

/** Ways of sampling, by kind of generator. A new kind is a line here. */
export const SAMPLING: Readonly<Record<KindOf<"architectures">, KindOfSampling>> = {
	score: {
		prepare: prepareScore,
		advice: ({ guide }) =>
			guide.length > 0 ? "lower the strengths of --guide or raise --steps" : "raise --steps",
	},
	discrete: {
		prepare: prepareDiscrete,
		advice: ({ condition }) => (condition.length > 0 ? "lower --guidance or raise --steps" : "raise --steps"),
	},
};

async function prepareScore(...[generators, space, options, job, signal]: Parameters<Prepare>) {
	const { sampler = "probability-flow", steps, guide: named, condition, guidance } = options;
	refuse(
		condition.length > 0,
		"--condition",
		"the generator has no conditions; lead it with --guide instead",
	);
	refuse(
		guidance !== undefined,
		"--guidance",
		"the generator has no conditions; lead it with --guide instead",
	);
	const method: Sampler = { ...SCORE_SAMPLERS[sampler], ...(steps !== undefined && { steps }) };
	const guides = await Promise.all(
		named.map(async ({ predictor, strength }) => {
			return { predictor: await findPredictorOrFolder(generators, predictor, "--guide"), strength };
		}),
	);
	const score = requirePart(generators, "score");
	return (pool: SessionPool) => sampleByScore(pool, space, score, { ...job, method, guides }, signal);
}

async function prepareDiscrete(...[generators, space, options, job, signal]: Parameters<Prepare>) {
	const { sampler, guide, condition: conditions, guidance, steps } = options;
	refuse(guide.length > 0, "--guide", "the generator has no guides; lead it with --condition instead");
	refuse(sampler !== undefined, "--sampler", "the generator has a single sampler; leave this out");
	const discrete = requirePart(generators, "discrete");
	const { metrics } = discrete.denoiser.description;
	await naming("conditions", "--condition", () => conditionClasses(metrics, conditions));
	const method: DiscreteMethod = {
		...DEFAULT_DISCRETE_METHOD,
		...(guidance !== undefined && { guidance }),
		...(steps !== undefined && { steps }),
	};
	return (pool: SessionPool) =>
		sampleByDenoiser(pool, space, discrete, { ...job, method, conditions }, signal);
}

function refuse(isGiven: boolean, option: string, problem: string): void {
	if (isGiven) throw invalidArgument(option, problem, "UNKNOWN_CONDITION");
}
