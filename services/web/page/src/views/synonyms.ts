import { call } from "../api/client.js";
import type { Cell, Network } from "../api/types.js";
import { networkToWire } from "../network.js";

const COUNT = 12;

/** A cell near another one. */
export interface Synonym {
	readonly cell: Cell;
	/** L1 distance of the predicted standardised zero-cost vectors. */
	readonly distance: number;
}

/** Cells that do what a cell does, nearest first, and which generator drew them. */
export function synonymsOf(
	cell: Cell,
	seed: string,
	signal: AbortSignal,
): Promise<{ readonly synonyms: readonly Synonym[]; readonly cellGenerator: string }> {
	return call("orchestrator", "SampleSynonyms", { cell, count: COUNT, seed }, { signal });
}

/** The network with another cell in one of its stages; without a hash of the service, its cells name it. */
export function withCell(network: Network, stage: number, cell: Cell): Network {
	const stages = network.stages.map((other, i) => (i === stage ? { ...other, cell } : other));
	return networkToWire({ ...network, stages });
}
