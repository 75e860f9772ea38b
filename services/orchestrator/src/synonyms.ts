import { isCellFailure } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { drawDistinct, SYNONYM_TEMPERATURE } from "@archgen/generation";
import type { orchestrator } from "@archgen/rpc";
import { cellFromMessage, cellToMessage, requirePositive, requireWhole, seedNumber } from "@archgen/wire";
import {
	answeringVersion,
	type CellContext,
	requestedCells,
	type ServedModelFacts,
} from "./cell-generators.js";
import { RemoteCells } from "./synonym-source.js";
import { Versions } from "./versions.js";

const MAX_SYNONYMS = 1000;
const MAX_TEMPERATURE = 2;

/**
 * Synonyms of a cell, drawn by a generator of the bundle and measured by its predictor.
 *
 * @throws INVALID_ARGUMENT naming the field; whatever the other services fail with
 */
export async function sampleSynonyms(
	request: orchestrator.SampleSynonymsRequest,
	{ upstream, local, known }: Pick<CellContext, "upstream" | "local" | "known">,
	model: ServedModelFacts,
	signal: AbortSignal,
): Promise<orchestrator.SampleSynonymsResponse> {
	if (request.cell === undefined) throw invalidArgument("cell", "is missing.");
	const reference = cellFromMessage(request.cell, "cell");
	const count = requireWhole("count", request.count ?? 10, 1, MAX_SYNONYMS);
	const temperature = request.temperature ?? SYNONYM_TEMPERATURE;
	requirePositive("temperature", temperature, MAX_TEMPERATURE);
	const seed = seedNumber(request.seed);
	const versions = new Versions();
	const modelVersion = await answeringVersion(request.modelVersion, model);
	const context = { upstream, local, versions, modelVersion, known };
	const { name, generator } = await requestedCells(request.cellGenerator, model, context);
	const predictor = new RemoteCells(upstream, versions, modelVersion);
	const temperatures = { means: temperature, synonyms: temperature };
	const found = await drawDistinct(
		{ reference, count, seed },
		{
			draw: async (draws, random) => {
				const requests = Array.from({ length: draws }, () => ({ cluster: 0, reference }));
				const cells = await generator.sample(requests, random, { temperatures, signal });
				return cells.map((cell) => (isCellFailure(cell) ? null : cell));
			},
			predict: (cells) => predictor.predict(cells, signal),
		},
	);
	return {
		synonyms: found.map(({ cell, distance }) => ({ cell: cellToMessage(cell), distance })),
		cellGenerator: name,
		modelVersions: versions.all(),
		seed: request.seed,
		requestId: request.requestId,
	};
}
