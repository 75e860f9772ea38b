import type { Random } from "@archgen/random";
import type { ArchitectureSpace } from "@archgen/search-space";
import type { Sampler } from "../samplers.js";
import type { ScoreSampler } from "../score-sampler.js";
import { architectureOf } from "../spaces/space-states.js";
import { quantize } from "../state-shape.js";

export interface GenerateRequest {
	readonly count: number;
	/** Number of the first sample among those of the seed, see `SampleRequest`. Default 0. */
	readonly first?: number;
	readonly sampler: Sampler;
	readonly strengths: readonly number[];
	readonly random: Random;
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: (done: number) => void;
}

/** Samples architectures; undefined where a sample is none of the space. */
export async function generateArchitectures<A>(
	space: ArchitectureSpace<A>,
	sampler: ScoreSampler,
	{ signal, ...request }: GenerateRequest,
): Promise<(A | undefined)[]> {
	const states = quantize(await sampler.sample({ ...request, ...(signal && { signal }) }));
	const width = states.length / request.count;
	return Array.from({ length: request.count }, (_, row) =>
		architectureOf(space, states.subarray(row * width, (row + 1) * width)),
	);
}
