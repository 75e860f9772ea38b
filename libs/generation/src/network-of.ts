import { type Cell, macroNetwork, type Network, type Target } from "@archgen/search-space";
import type { MacroSequence } from "./sources.js";

/** The network of a sequence with one cell for each of its stages. */
export function networkOf(
	{ stages, finalChannels }: MacroSequence,
	cells: readonly Cell[],
	target: Target,
): Network {
	const filled = stages.map((stage, i) => ({ ...stage, cell: cells[i]! }));
	return macroNetwork(filled, finalChannels, target);
}
