import { countLayers } from "./counting.js";
import type { LayerGraph } from "./layer.js";
import { longestWay, sharedWay } from "./ways.js";

/** How a network passes its signal on; the accuracy that networks are trained to follows from it (docs/accuracy.md). */
export interface Structure {
	/** Rectifiers that the signal passes, where a sum carries equal shares of its inputs: short-cuts make a network less deep. */
	readonly effectiveDepth: number;
	/** Σ (kernel − 1) of the average pools that the signal passes, in the same shares: detail lost, in pixels of the maps. */
	readonly blur: number;
	/** Σ (kernel − 1) · dilation of the convolutions on the way where it is largest: how far convolutions look, in pixels of the maps. */
	readonly context: number;
	/** How often the longest way halves the map by stride. */
	readonly halvings: number;
	/**
	 * How unevenly the convolutions' work is spread over the sizes of maps that it is done on: ln of the number of sizes less the entropy of the shares of the
	 * multiply-accumulates, in nats; 0 where each size has an equal share.
	 */
	readonly imbalance: number;
	/** Parameters of all layers but linear ones, which grow with the number of classes alone. */
	readonly bodyParameters: number;
	/** Classes, values or channels of the result. */
	readonly outputs: number;
}

/** The structure of a network; the same for every size of its images. */
export function networkStructure(graph: LayerGraph): Structure {
	return {
		effectiveDepth: sharedWay(graph, ({ kind }) => Number(kind === "relu" || kind === "hard_swish")),
		blur: sharedWay(graph, (layer) => (layer.kind === "average_pool" ? layer.kernel - 1 : 0)),
		context: longestWay(graph, (layer) => (layer.kind === "conv" ? (layer.kernel - 1) * layer.dilation : 0)),
		halvings: longestWay(graph, (layer) => ("stride" in layer ? Math.log2(layer.stride) : 0)),
		imbalance: imbalance(workByHalvings(graph)),
		bodyParameters: countLayers({ ...graph, layers: graph.layers.filter(({ kind }) => kind !== "linear") })
			.parameterCount,
		outputs: graph.values[graph.output]!.channels,
	};
}

/**
 * Multiply-accumulates of the convolutions by how often their map is halved, from the first convolution's on, up to a factor. They are those of images that can
 * be halved so often without a rest, so that no size of images makes a difference. What stands behind a pool over the whole map is left out.
 */
function workByHalvings({ layers, input }: LayerGraph): number[] {
	const halvings = new Map([[input, 0]]);
	const work: number[] = [];
	for (const layer of layers) {
		const before = layer.inputs.flatMap((id) => halvings.get(id) ?? []);
		if (before.length === 0 || layer.kind === "squeeze" || layer.kind === "global_average_pool") continue;
		const after = Math.max(...before) + ("stride" in layer ? Math.log2(layer.stride) : 0);
		halvings.set(layer.output, after);
		if (layer.kind !== "conv") continue;
		const weights = (layer.outChannels * layer.inChannels * layer.kernel ** 2) / layer.groups;
		work[after] = (work[after] ?? 0) + weights / 4 ** after;
	}
	return work.slice(work.findIndex((share) => share > 0));
}

/** Kullback–Leibler divergence of the shares from equal ones, in nats. */
function imbalance(work: readonly number[]): number {
	const all = work.reduce((sum, share) => sum + share, 0);
	const excess = work.reduce((sum, share) => sum + (share / all) * Math.log((work.length * share) / all), 0);
	return Math.max(0, excess);
}
