import { conditionClasses, DEFAULT_DISCRETE_METHOD } from "@archgen/discrete-diffusion";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import {
	type DiscreteSampleJob,
	findDevice,
	findPredictor,
	requirePart,
	type SampleJob,
	type ScoreSampleJob,
	type SpaceGenerators,
} from "@archgen/pipeline";
import type { diffusion } from "@archgen/rpc";
import { DEFAULT_SAMPLER } from "@archgen/score-diffusion";
import { type ArchitectureSpace, architectureSpace } from "@archgen/search-space";
import { requirePositive, requireWhole, seedNumber } from "@archgen/wire";

const MAX_SAMPLES = 10_000;
const MAX_STEPS = 10_000;
const MAX_GUIDES = 8;
const MAX_GUIDANCE = 100;
const MAX_LATENCY_MS = 1e9;

type Request = diffusion.SampleArchitecturesRequest;

/** The space of a request, which must be that of the served bundle. @throws ArchgenError NOT_FOUND `UNKNOWN_SPACE` */
export function servedSpace({ space }: SpaceGenerators, name: string): ArchitectureSpace<unknown> {
	if (name === space) return architectureSpace(name);
	throw notFound("UNKNOWN_SPACE", `No generator of the space "${name}" is served; there is one of ${space}.`);
}

/** Reads and checks what is to be sampled by the score. */
export function scoreJob(generators: SpaceGenerators, request: Request): ScoreSampleJob {
	const { guides, conditions, guidance, steps } = request;
	refuse(conditions.length > 0, "conditions", "the generator has none; lead it with guides instead");
	refuse(guidance !== undefined, "guidance", "the generator has no conditions; lead it with guides instead");
	if (guides.length > MAX_GUIDES) throw invalidArgument("guides", `must be at most ${MAX_GUIDES}`);
	return {
		...sharedJob(generators, request),
		method: {
			...DEFAULT_SAMPLER,
			...(steps !== 0 && { steps: requireWhole("steps", steps, 2, MAX_STEPS) }),
		},
		guides: guides.map(({ predictor, strength }, i) => {
			if (!Number.isFinite(strength))
				throw invalidArgument(`guides[${i}].strength`, "must be a finite number");
			return { predictor: findPredictor(generators, predictor, `guides[${i}].predictor`), strength };
		}),
	};
}

/** Reads and checks what is to be sampled by the denoiser. */
export function discreteJob(generators: SpaceGenerators, request: Request): DiscreteSampleJob {
	const { guides, conditions, guidance = DEFAULT_DISCRETE_METHOD.guidance, steps } = request;
	const { metrics, schedule } = requirePart(generators, "discrete").denoiser.description;
	refuse(guides.length > 0, "guides", "the generator has none; lead it with conditions instead");
	conditionClasses(metrics, conditions);
	if (!(guidance >= 0 && guidance <= MAX_GUIDANCE))
		throw invalidArgument("guidance", `must be a number from 0 to ${MAX_GUIDANCE}`);
	return {
		...sharedJob(generators, request),
		method: {
			guidance,
			steps: steps === 0 ? DEFAULT_DISCRETE_METHOD.steps : requireWhole("steps", steps, 2, schedule.steps),
		},
		conditions,
	};
}

function sharedJob(generators: SpaceGenerators, { count, seed, latency }: Request): SampleJob {
	return {
		count: requireWhole("count", count, 1, MAX_SAMPLES),
		seed: seedNumber(seed),
		bound: latency && {
			predictor: findDevice(generators, latency.device, "latency.device"),
			most: requirePositive("latency.max_latency_ms", latency.maxLatencyMs, MAX_LATENCY_MS),
		},
	};
}

function refuse(isGiven: boolean, field: string, problem: string): void {
	if (isGiven) throw invalidArgument(field, problem, "UNKNOWN_CONDITION");
}

function notFound(reason: string, message: string): ArchgenError {
	return new ArchgenError({ category: "NOT_FOUND", reason, message });
}
