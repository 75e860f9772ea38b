import { ArchgenError, invalidArgument } from "@archgen/errors";
import { findDevice, findPredictor, type SampleJob, type SpaceGenerators } from "@archgen/pipeline";
import type { diffusion } from "@archgen/rpc";
import { DEFAULT_SAMPLER } from "@archgen/score-diffusion";
import { type SearchSpace, searchSpace } from "@archgen/search-space";
import { requirePositive, requireWhole, seedNumber } from "@archgen/wire";

const MAX_SAMPLES = 10_000;
const MAX_STEPS = 10_000;
const MAX_GUIDES = 8;
const MAX_LATENCY_MS = 1e9;

/** The space of a request, which must be that of the served bundle. @throws ArchgenError NOT_FOUND `UNKNOWN_SPACE` */
export function servedSpace({ origin }: SpaceGenerators, name: string): SearchSpace<unknown> {
	if (name === origin.space) return searchSpace(name);
	throw notFound(
		"UNKNOWN_SPACE",
		`No generator of the space "${name}" is served; there is one of ${origin.space}.`,
	);
}

/** Reads and checks what is to be sampled. */
export function sampleJob(
	generators: SpaceGenerators,
	request: diffusion.SampleArchitecturesRequest,
): SampleJob {
	const { generator, guides, conditions, latency, steps } = request;
	if (conditions.length > 0)
		throw invalidArgument(
			"conditions",
			`the generator "${generator || "score"}" has none; lead it with guides instead`,
			"UNKNOWN_CONDITION",
		);
	if (guides.length > MAX_GUIDES) throw invalidArgument("guides", `must be at most ${MAX_GUIDES}`);
	return {
		count: requireWhole("count", request.count, 1, MAX_SAMPLES),
		seed: seedNumber(request.seed),
		method: {
			...DEFAULT_SAMPLER,
			...(steps !== 0 && { steps: requireWhole("steps", steps, 2, MAX_STEPS) }),
		},
		guides: guides.map(({ predictor, strength }, i) => {
			if (!Number.isFinite(strength))
				throw invalidArgument(`guides[${i}].strength`, "must be a finite number");
			return { predictor: findPredictor(generators, predictor, `guides[${i}].predictor`), strength };
		}),
		bound: latency && {
			predictor: findDevice(generators, latency.device, "latency.device"),
			most: requirePositive("latency.max_latency_ms", latency.maxLatencyMs, MAX_LATENCY_MS),
		},
	};
}

function notFound(reason: string, message: string): ArchgenError {
	return new ArchgenError({ category: "NOT_FOUND", reason, message });
}
