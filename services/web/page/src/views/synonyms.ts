import { call } from "../api/client.js";
import type { Cell, Network } from "../api/types.js";
import { networkToWire } from "../network.js";

const DRAWS = 24;

interface Encoded {
	readonly results: readonly { readonly latent?: object }[];
}
interface Predicted {
	readonly results: readonly { readonly standardized: readonly number[] }[];
}
interface Sampled {
	readonly samples: readonly { readonly latent: object }[];
}
interface Decoded {
	readonly results: readonly { readonly cell?: Cell }[];
}

/**
 * Cells that the flow draws for the predicted zero-cost vector of a cell, without the cell itself: encode, predict, sample,
 * decode, all by the running services.
 */
export async function synonymsOf(cell: Cell, seed: string, signal: AbortSignal): Promise<Cell[]> {
	const options = { signal };
	const encoded = await call<Encoded>("gvae", "EncodeCells", { cells: [cell] }, options);
	const latents = encoded.results.flatMap(({ latent }) => (latent ? [latent] : []));
	const predicted = await call<Predicted>("gvae", "PredictZcVectors", { latents }, options);
	const conditions = predicted.results.map(({ standardized }) => ({
		standardized: { values: standardized },
	}));
	const sampled = await call<Sampled>(
		"ccnf",
		"SampleLatents",
		{ conditions, samplesPerCondition: DRAWS, seed },
		options,
	);
	const draws = sampled.samples.map(({ latent }) => latent);
	const { results } = await call<Decoded>("gvae", "DecodeLatents", { latents: draws }, options);
	const cells = new Map(results.flatMap(({ cell: drawn }) => (drawn ? [[drawn.hash, drawn] as const] : [])));
	cells.delete(cell.hash);
	return [...cells.values()];
}

/** The network with another cell in one of its stages; without a hash of the service, its cells name it. */
export function withCell(network: Network, stage: number, cell: Cell): Network {
	const stages = network.stages.map((other, i) => (i === stage ? { ...other, cell } : other));
	return networkToWire({ ...network, stages });
}
