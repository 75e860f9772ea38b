import { findGenerator, type KindOf, type ModelIdentity, type ServedModel } from "@archgen/models";
import {
	requirePart,
	type SampleChunks,
	type SpaceGenerators,
	sampleByDenoiser,
	sampleByScore,
} from "@archgen/pipeline";
import { diffusion, type ImplementedService, implement, inSpan, inSpanEach } from "@archgen/rpc";
import type { SessionPool } from "@archgen/tensor-graph";
import { requireBatch } from "@archgen/wire";
import { predictProperties, readArchitectures } from "./predict.js";
import { discreteJob, scoreJob, servedSpace } from "./requests.js";
import { generatorMessages, sampleToMessage } from "./translate.js";

const MAX_ARCHITECTURES = 4096;

type Event = NonNullable<diffusion.SampleArchitecturesResponse["event"]>;

/** Handlers of `DiffusionService`. */
export function diffusionService(
	served: ServedModel<SpaceGenerators>,
	pool: SessionPool,
): ImplementedService {
	/** A version's generators are plain data, which a stream may use after another version has taken over. */
	const current = (wanted: string) =>
		served.use(wanted, async (generators, modelVersion) => ({ generators, modelVersion }));
	return implement(diffusion.DiffusionServiceService, {
		sampleArchitectures: async function* (request, { signal }) {
			const { generators, modelVersion } = await current(request.modelVersion);
			const { kind } = findGenerator(generators.listed, "architectures", request.generator, "generator");
			const chunks = inSpanEach("draw architectures", SAMPLERS[kind](generators, request, pool, signal));
			for await (const event of eventsOf(chunks, modelVersion, request)) yield { event };
		},
		predictProperties: async (request, { signal }) => {
			const { architecturesJson, properties, requestId } = request;
			requireBatch("architectures_json", architecturesJson.length, MAX_ARCHITECTURES);
			const { generators, modelVersion } = await current(request.modelVersion);
			const space = servedSpace(generators, request.space);
			const architectures = readArchitectures(space, architecturesJson);
			const results = await inSpan(
				"predict properties",
				() => predictProperties(pool, space, generators, { architectures, properties, signal }),
				{ architectures: architectures.length },
			);
			return { results: results.map((values) => ({ values })), modelVersion, requestId };
		},
		listGenerators: async (request) => {
			const { generators, modelVersion } = await current(request.modelVersion);
			return { generators: generatorMessages(generators), modelVersion };
		},
	});
}

type Sample = (
	generators: SpaceGenerators,
	request: diffusion.SampleArchitecturesRequest,
	pool: SessionPool,
	signal: AbortSignal,
) => SampleChunks;

/** Ways of sampling, by kind of generator. A new kind is a line here. */
const SAMPLERS: Readonly<Record<KindOf<"architectures">, Sample>> = {
	score: (generators, request, pool, signal) => {
		const [space, job] = [servedSpace(generators, request.space), scoreJob(generators, request)];
		return sampleByScore(pool, space, requirePart(generators, "score"), job, signal);
	},
	discrete: (generators, request, pool, signal) => {
		const [space, job] = [servedSpace(generators, request.space), discreteJob(generators, request)];
		return sampleByDenoiser(pool, space, requirePart(generators, "discrete"), job, signal);
	},
};

async function* eventsOf(
	chunks: SampleChunks,
	modelVersion: ModelIdentity,
	{ seed, requestId }: diffusion.SampleArchitecturesRequest,
): AsyncGenerator<Event> {
	let next = await chunks.next();
	for (; !next.done; next = await chunks.next())
		yield { $case: "found", value: { samples: next.value.map(sampleToMessage) } };
	const { generated: generatedCount, validity, uniqueness, nearest } = next.value;
	const shares = { generatedCount, validity, uniqueness, nearest: nearest && sampleToMessage(nearest) };
	yield { $case: "summary", value: { ...shares, modelVersion, seed, requestId } };
}
