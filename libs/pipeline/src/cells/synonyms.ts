import { isCellFailure } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { drawDistinct, SYNONYM_TEMPERATURE, type Synonym, type SynonymRequest } from "@archgen/generation";
import { predictedVectors } from "@archgen/gvae";
import { fillNormal, type Random } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import type { CellModels } from "./cell-models.js";
import { synonymCells } from "./synonym-cells.js";

/** How synonyms are drawn. */
export interface SynonymDraw extends SynonymRequest {
	/** Scale of the noise: of the flow's start, 0.2 unless given, or of the neighbourhood, 1.4 unless given. */
	readonly temperature?: number;
	readonly signal?: AbortSignal;
}

type Draw = (
	models: CellModels,
	draw: SynonymDraw,
	count: number,
	random: Random,
) => Promise<readonly (Cell | null)[]>;

/** Ways of drawing cells around a reference cell. */
const CELL_GENERATORS = {
	/** The flow, conditioned on q(f) of the reference, and the decoder. */
	flow: async (models, { reference, temperature = SYNONYM_TEMPERATURE, signal }, count, random) => {
		const source = synonymCells(models, { means: temperature, synonyms: temperature });
		const requests = Array.from({ length: count }, () => ({ cluster: 0, reference }));
		const cells = await source.sample(requests, random, { signal });
		return cells.map((cell) => (isCellFailure(cell) ? null : cell));
	},
	/** The decoder around the reference's own latent. */
	neighbourhood: async ({ gvae }, { reference, temperature = 1.4, signal }, count, random) => {
		const centre = await gvae.encode([reference], signal);
		const noise = fillNormal(random, new Float32Array(count * centre.length));
		const latents = noise.map((value, i) => centre[i % centre.length]! + temperature * value);
		const decoded = await gvae.decode(latents, signal);
		return decoded.map((result) => (result.ok ? result.cell : null));
	},
	/** Random cells: the baseline. */
	random: async (_, __, count, random) =>
		Array.from({ length: count }, (_cell, i) => randomCell(random.fork(i))),
} as const satisfies Record<string, Draw>;

export type CellGeneratorName = keyof typeof CELL_GENERATORS;

/** Names of the cell generators. */
export const CELL_GENERATOR_NAMES = Object.keys(CELL_GENERATORS) as readonly CellGeneratorName[];

/**
 * Distinct synonyms of a cell, nearest first; fewer than wanted where the generator only repeats itself.
 *
 * @throws INVALID_ARGUMENT naming `generator` for an unknown name
 */
export async function drawSynonyms(
	models: CellModels,
	generator: string,
	draw: SynonymDraw,
): Promise<readonly Synonym[]> {
	if (!Object.hasOwn(CELL_GENERATORS, generator)) {
		throw invalidArgument(
			"generator",
			`there is no cell generator "${generator}"; choose one of ${CELL_GENERATOR_NAMES.join(", ")}`,
		);
	}
	const sample: Draw = CELL_GENERATORS[generator as CellGeneratorName];
	return drawDistinct(draw, {
		draw: (count, random) => sample(models, draw, count, random),
		predict: (cells) => predictedVectors(models.gvae, cells, draw.signal),
	});
}
