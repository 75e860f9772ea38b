import { PUBLISHED_TOLERANCE } from "@archgen/ccnf";
import type { DecodeResult } from "@archgen/gvae";
import type { CellModels } from "@archgen/pipeline";
import { createRandom, fillNormal } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import type { Table1Target } from "./targets.js";

export type Method = "random" | "neighbourhood" | "ccnf";

/** Cells sampled one way; null for a sample that is no cell. */
export interface Draw {
	readonly method: Method;
	/** Noise: ε of the neighbourhood, temperature of the flow; null at random. */
	readonly noise: number | null;
	/** [seeds][samples] */
	readonly seeds: readonly (readonly (Cell | null)[])[];
}

/** How much is sampled, and from which streams. */
export interface Sampling {
	/** Samples of each seed. */
	readonly samples: number;
	readonly seeds: number;
	/** First seed. */
	readonly seed: number;
	readonly signal: AbortSignal;
}

/** Random cells: those of `archgen label` with the same seed, whose labels may be known already. */
export function randomDraw({ samples, seeds, seed }: Sampling): Draw {
	const stream = createRandom(seed).fork("cells");
	const cellsOf = (s: number) =>
		Array.from({ length: samples }, (_, i) => randomCell(stream.fork(s * samples + i)));
	return { method: "random", noise: null, seeds: Array.from({ length: seeds }, (_, s) => cellsOf(s)) };
}

/** Cells of the flow under the target's condition, drawn with the paper's solver. */
export async function flowDraw(
	{ gvae, ccnf }: CellModels,
	{ name, condition }: Table1Target,
	{ samples, signal, ...sampling }: Sampling,
	temperature: number,
): Promise<Draw> {
	const conditions = new Array<readonly number[]>(samples).fill(condition);
	const seeds = await eachSeed(sampling, async (seed) => {
		const random = createRandom(seed).fork("table 1").fork(`ccnf, ${name}`);
		const request = { conditions, temperature, random, tolerance: PUBLISHED_TOLERANCE, signal };
		const { latents } = await ccnf.sample(request);
		return (await gvae.decode(latents, signal)).map(cellOf);
	});
	return { method: "ccnf", noise: temperature, seeds };
}

/** Cells around the target's latent, every ε with the same noise. */
export async function neighbourhoodDraw(
	{ gvae }: CellModels,
	{ name, centre }: Table1Target,
	{ samples, signal, ...sampling }: Sampling,
	epsilon: number,
): Promise<Draw> {
	const seeds = await eachSeed(sampling, async (seed) => {
		const random = createRandom(seed).fork("table 1").fork(`neighbourhood, ${name}`);
		const noise = fillNormal(random, new Float32Array(samples * centre.length));
		const latents = noise.map((value, i) => centre[i % centre.length]! + epsilon * value);
		return (await gvae.decode(latents, signal)).map(cellOf);
	});
	return { method: "neighbourhood", noise: epsilon, seeds };
}

/** Distinct cells among the samples of a seed, as a share of the samples; mean over seeds. */
export function uniqueness({ seeds }: Draw): number {
	return mean(seeds.map((cells) => new Set(cells.flatMap((cell) => cell?.hash ?? [])).size / cells.length));
}

async function eachSeed<T>(
	{ seeds, seed }: Pick<Sampling, "seeds" | "seed">,
	work: (seed: number) => Promise<T>,
): Promise<T[]> {
	const results: T[] = [];
	for (let s = 0; s < seeds; s++) results.push(await work(seed + s));
	return results;
}

function cellOf(result: DecodeResult): Cell | null {
	return result.ok ? result.cell : null;
}
