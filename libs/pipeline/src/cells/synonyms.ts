import { type CellGenerator, isCellFailure } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { drawDistinct, SYNONYM_TEMPERATURE, type Synonym, type SynonymRequest } from "@archgen/generation";
import { predictedVectors } from "@archgen/gvae";
import { type Bundle, generatorsMaking } from "@archgen/models";
import { fillNormal, type Random } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import { loadCellGenerator } from "./cell-generators.js";
import { bundleCellFiles, loadVectorModels, type VectorModels } from "./cell-models.js";

/** How synonyms are drawn. */
export interface SynonymDraw extends SynonymRequest {
	/** Scale of the noise: of a generator's, 0.2 unless given, or of the neighbourhood, 1.4 unless given. */
	readonly temperature?: number;
	readonly signal?: AbortSignal;
}

type Draw = (
	models: VectorModels,
	draw: SynonymDraw,
	count: number,
	random: Random,
) => Promise<readonly (Cell | null)[]>;

/** Ways of drawing cells around a reference cell that need no generator of a bundle. */
const BASELINES = {
	/** The decoder around the reference's own latent. */
	neighbourhood: async ({ gvae }, { reference, temperature = 1.4, signal }, count, random) => {
		const centre = await gvae.encode([reference], signal);
		const noise = fillNormal(random, new Float32Array(count * centre.length));
		const latents = noise.map((value, i) => centre[i % centre.length]! + temperature * value);
		const decoded = await gvae.decode(latents, signal);
		return decoded.map((result) => (result.ok ? result.cell : null));
	},
	/** Random cells. */
	random: async (_, __, count, random) =>
		Array.from({ length: count }, (_cell, i) => randomCell(random.fork(i))),
} as const satisfies Record<string, Draw>;

/** Draws of a cell generator under the predicted vector of the reference. */
function drawBy(generator: CellGenerator): Draw {
	return async (_, { reference, temperature = SYNONYM_TEMPERATURE, signal }, count, random) => {
		const requests = Array.from({ length: count }, () => ({ cluster: 0, reference }));
		const temperatures = { means: temperature, synonyms: temperature };
		const cells = await generator.sample(requests, random, { temperatures, signal });
		return cells.map((cell) => (isCellFailure(cell) ? null : cell));
	};
}

/**
 * Distinct synonyms of a cell, nearest first; fewer than wanted where the generator only repeats itself. They come from a cell generator of the bundle, from
 * `neighbourhood` or `random`.
 *
 * @throws INVALID_ARGUMENT naming the field for an unknown name, and those there are
 */
export async function drawSynonyms(
	bundle: Bundle,
	pool: SessionPool,
	{ generator, field }: { readonly generator: string; readonly field: string },
	draw: SynonymDraw,
): Promise<readonly Synonym[]> {
	const sample = await synonymDraw(bundle, pool, generator, field);
	const models = await loadVectorModels(pool, await bundleCellFiles(bundle));
	return drawDistinct(draw, {
		draw: (count, random) => sample(models, draw, count, random),
		predict: (cells) => predictedVectors(models.gvae, cells, draw.signal),
	});
}

async function synonymDraw(bundle: Bundle, pool: SessionPool, name: string, field: string): Promise<Draw> {
	if (Object.hasOwn(BASELINES, name)) return BASELINES[name as keyof typeof BASELINES];
	const listed = generatorsMaking(bundle.manifest.generators, "cells").map((known) => known.name);
	if (listed.includes(name)) return drawBy(await loadCellGenerator(bundle, pool, name, field));
	const names = [...new Set([...listed, ...Object.keys(BASELINES)])].join(", ");
	throw invalidArgument(
		field,
		`there is no cell generator "${name}"; choose one of ${names}`,
		"UNKNOWN_GENERATOR",
	);
}
