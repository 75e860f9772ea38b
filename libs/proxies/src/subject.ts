import type { ImageBatch } from "@archgen/datasets";
import { layerParameters } from "@archgen/search-space";
import { f32, type TensorValue, type TensorValues } from "@archgen/tensor-graph";
import { isWeighted } from "./layer-expressions.js";
import type { DetachedSection } from "./section.js";
import type { SectionCache } from "./section-cache.js";

/** A network made ready for its passes. */
export interface Subject {
	readonly sections: readonly DetachedSection[];
	readonly parameters: ReadonlyMap<string, Float32Array>;
	readonly batch: ImageBatch;
	readonly cache: SectionCache;
	/** Checked before every section: between two checks lie some ten milliseconds. */
	readonly signal?: AbortSignal;
}

/** The weights and biases of a section under their relative names. */
export function sectionWeights(
	{ layers, prefix }: DetachedSection,
	parameters: ReadonlyMap<string, Float32Array>,
): TensorValues {
	const feeds: Record<string, TensorValue> = {};
	for (const layer of layers.filter(isWeighted)) {
		for (const { name, shape } of layerParameters(layer))
			feeds[name] = f32(parameters.get(prefix + name)!, shape);
	}
	return feeds;
}
