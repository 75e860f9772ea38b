import { type LatencySite, placedSites } from "@archgen/latency";
import { type Layer, lowerNetwork, type Network } from "@archgen/search-space";
import type { NodeTime } from "@archgen/tensor-graph";

/** A site and what it takes where it stands. */
export interface SiteTime {
	readonly site: LatencySite;
	readonly ms: number;
}

/** What onnxruntime adds to the name of a node that it replaces: layout of channels, parts of a decomposition. */
const ADDED = /_(nchwc|bn|mean)$/;
/** Layers that may be computed inside the convolution before them. */
const FUSED: ReadonlySet<Layer["kind"]> = new Set(["batch_norm", "relu", "add"]);

/**
 * The time of every site of a network from the times of the nodes that run: that of the nodes of its layers together. A convolution that has
 * taken in what follows it counts to the convolution's site, a change of layout to the node before it, and the sums of one node share
 * its time, so that a sum inside a convolution costs nothing.
 */
export function siteTimes(network: Network, nodes: readonly NodeTime[]): SiteTime[] {
	const { layers } = lowerNetwork(network);
	const placed = placedSites(network);
	const byName = new Map(layers.map((layer) => [layer.name, layer]));
	const sharing = new Map<string, number>();
	for (const { name } of placed) sharing.set(name, (sharing.get(name) ?? 0) + 1);
	const producers = new Map(layers.map((layer) => [layer.output, layer]));
	const times = new Map<string, number>();
	const run = new Set<Layer>();
	let last = placed[0]!.name;
	for (const { name, operator, ms } of nodes) {
		if (!operator.startsWith("Reorder")) {
			const layer = byName.get(name.replace(/_nchwc$/, ""));
			const conv = operator === "Conv" ? layer && convolutionOf(layer, producers, run) : undefined;
			if (conv) run.add(conv);
			last = siteName(conv?.name ?? name.replace(ADDED, "").replace(ADDED, ""), sharing);
		}
		times.set(last, (times.get(last) ?? 0) + ms);
	}
	return placed.map(({ site, name }) => ({ site, ms: (times.get(name) ?? 0) / sharing.get(name)! }));
}

/** The convolution that computes a layer besides its own, among those that did not run yet. */
function convolutionOf(
	layer: Layer,
	producers: ReadonlyMap<number, Layer>,
	run: ReadonlySet<Layer>,
): Layer | undefined {
	if (layer.kind === "conv") return run.has(layer) ? undefined : layer;
	if (!FUSED.has(layer.kind)) return undefined;
	for (const input of layer.inputs) {
		const before = producers.get(input);
		const found = before && convolutionOf(before, producers, run);
		if (found) return found;
	}
	return undefined;
}

/** The longest name of a site that a layer's name begins with; the layer's own where there is none. */
function siteName(layer: string, sites: ReadonlyMap<string, number>): string {
	for (let name = layer; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf("."))))
		if (sites.has(name)) return name;
	return layer;
}
