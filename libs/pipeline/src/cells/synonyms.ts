import { isCellFailure, zcDistance } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { createRandom, fillNormal, type Random } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import type { CellModels } from "./cell-models.js";
import { predictedVectors } from "./predicted-vectors.js";
import { synonymCells } from "./synonym-cells.js";

/** A cell that does what another does, as far as zero-cost vectors tell. */
export interface Synonym {
	readonly cell: Cell;
	/** L1 distance of the predicted standardised zero-cost vectors of the cell and of its reference. */
	readonly distance: number;
}

/** How synonyms are drawn. */
export interface SynonymDraw {
	readonly reference: Cell;
	/** Distinct cells wanted, the reference not among them. */
	readonly count: number;
	readonly seed: number;
	/** Scale of the noise: of the flow's start, 0.2 unless given, or of the neighbourhood, 1.4 unless given. */
	readonly temperature?: number;
	readonly signal?: AbortSignal;
}

/** Cells drawn at once, beyond the number wanted: some are repeated or no cell. */
const BATCH = 64;
/** Rounds after which a generator that only repeats itself is given up. */
const ROUNDS = 20;

type Draw = (models: CellModels, draw: SynonymDraw, random: Random) => Promise<readonly (Cell | null)[]>;

/** Ways of drawing cells around a reference cell. */
const CELL_GENERATORS = {
	/** The flow, conditioned on q(f) of the reference, and the decoder. */
	flow: async (models, { reference, temperature = 0.2, signal }, random) => {
		const source = synonymCells(models, { means: temperature, synonyms: temperature });
		const requests = Array.from({ length: BATCH }, () => ({ cluster: 0, reference }));
		const cells = await source.sample(requests, random, { signal });
		return cells.map((cell) => (isCellFailure(cell) ? null : cell));
	},
	/** The decoder around the reference's own latent. */
	neighbourhood: async ({ gvae }, { reference, temperature = 1.4, signal }, random) => {
		const centre = await gvae.encode([reference], signal);
		const noise = fillNormal(random, new Float32Array(BATCH * centre.length));
		const latents = noise.map((value, i) => centre[i % centre.length]! + temperature * value);
		const decoded = await gvae.decode(latents, signal);
		return decoded.map((result) => (result.ok ? result.cell : null));
	},
	/** Random cells: the baseline. */
	random: async (_, __, random) => Array.from({ length: BATCH }, (_cell, i) => randomCell(random.fork(i))),
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
	const random = createRandom(draw.seed).fork("synonyms");
	const found = new Map<string, Cell>();
	for (let round = 0; round < ROUNDS && found.size < draw.count; round++) {
		for (const cell of await sample(models, draw, random.fork(round))) {
			if (cell !== null && cell.hash !== draw.reference.hash) found.set(cell.hash, cell);
		}
	}
	return nearestFirst(models, draw, [...found.values()].slice(0, draw.count));
}

async function nearestFirst(
	{ gvae }: CellModels,
	{ reference, signal }: SynonymDraw,
	cells: readonly Cell[],
): Promise<Synonym[]> {
	const [own, ...others] = await predictedVectors(gvae, [reference, ...cells], signal);
	return cells
		.map((cell, i) => ({ cell, distance: zcDistance(own!, others[i]!) }))
		.sort((a, b) => a.distance - b.distance || (a.cell.hash < b.cell.hash ? -1 : 1));
}
