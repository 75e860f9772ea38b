import type { Layer } from "@archgen/search-space";

/** The layer that pools all places of a network's features into one: the last such layer, as squeeze-and-excitations pool before it. */
function globalPooling(layers: readonly Layer[]): Layer | undefined {
	return layers.findLast(({ kind }) => kind === "global_average_pool" || kind === "squeeze");
}

/**
 * Id of the last features that have places: what a head pools or, in dense prediction, classifies place by place; the result itself of a head that
 * does neither.
 *
 * @param part the head as a section, or the whole graph
 */
export function lastFeatures({
	layers,
	output,
}: {
	readonly layers: readonly Layer[];
	readonly output: number;
}): number {
	const last = layers.at(-1)!;
	const reader = globalPooling(layers) ?? (last.kind === "conv" ? last : undefined);
	return reader?.inputs[0] ?? output;
}
