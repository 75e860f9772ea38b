import type { BatchNormLayer, Layer, LayerGraph, LayerKind } from "@archgen/search-space";

/** A layer with those behind it that become part of its operator. */
export interface FusedLayer {
	readonly layer: Layer;
	/** Batch normalisation folded into its weights. */
	readonly norm: BatchNormLayer | null;
	/** Whether a ReLU is applied to the result. */
	readonly relu: boolean;
	/** Id of the value that they make. */
	readonly output: number;
}

/** Kinds whose weights take a batch normalisation in. */
const FOLDING: ReadonlySet<LayerKind> = new Set<LayerKind>(["conv", "linear"]);
/** Kinds whose operator applies a ReLU itself. */
const ACTIVATING: ReadonlySet<LayerKind> = new Set<LayerKind>(["conv", "linear", "batch_norm", "add"]);

/**
 * Layers as inference has them: batch normalisation goes into the convolution or linear layer before it and a ReLU into its operator,
 * where nothing else reads the value between.
 */
export function fuseLayers(graph: LayerGraph): FusedLayer[] {
	const readers = readersOf(graph);
	const taken = new Set<Layer>();
	const take = <K extends LayerKind>(value: number, kind: K) => {
		const [reader, ...others] = readers.get(value) ?? [];
		if (reader?.kind !== kind || others.length > 0 || value === graph.output) return null;
		taken.add(reader);
		return reader as Extract<Layer, { kind: K }>;
	};
	return graph.layers.flatMap((layer): FusedLayer[] => {
		if (taken.has(layer)) return [];
		const norm = FOLDING.has(layer.kind) ? take(layer.output, "batch_norm") : null;
		const normed = norm?.output ?? layer.output;
		const relu = ACTIVATING.has(layer.kind) ? take(normed, "relu") : null;
		return [{ layer, norm, relu: relu !== null, output: relu?.output ?? normed }];
	});
}

/** Layers by the value that they read; a layer that reads a value twice is there twice. */
function readersOf({ layers }: LayerGraph): Map<number, Layer[]> {
	const readers = new Map<number, Layer[]>();
	for (const layer of layers)
		for (const value of layer.inputs) readers.set(value, [...(readers.get(value) ?? []), layer]);
	return readers;
}
