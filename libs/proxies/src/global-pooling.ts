import type { Layer } from "@archgen/search-space";

/** The layer that pools all places of a network's features into one: the last such layer, as squeeze-and-excitations pool before it. */
export function globalPooling(layers: readonly Layer[]): Layer | undefined {
	return layers.findLast(({ kind }) => kind === "global_average_pool" || kind === "squeeze");
}
