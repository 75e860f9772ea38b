import type { NetworkScorer } from "@archgen/design";
import { countNetwork } from "@archgen/search-space";

/** Stands in for scoring where none is wanted: the networks that use most of their budget come first. */
export const LARGEST_FIRST: NetworkScorer = {
	version: "",
	score: async (network) => ({ ok: true, parts: [countNetwork(network).flopCount] }),
};
