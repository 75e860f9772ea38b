import type { MacroStage } from "@archgen/design";
import {
	afterStage,
	type Cell,
	countLayers,
	lowerCell,
	lowerNetwork,
	type Section,
	type StageInput,
	squareMap,
	stemStride,
} from "@archgen/search-space";
import { type CountSurface, fitCountSurface } from "./count-surface.js";
import { addCounts, type CountVector, toCountVector } from "./count-vector.js";

/** The task of a network: what its sequence leaves open. */
export interface NetworkTask {
	readonly classes: number;
	/** Height and width of the input in pixels. */
	readonly inputSize: number;
}

/** The value of a key, computed when it is asked for the first time. */
export function remember<K, V>(known: Map<K, V>, key: K, compute: () => V): V {
	const found = known.get(key);
	if (found !== undefined) return found;
	const value = compute();
	known.set(key, value);
	return value;
}

/**
 * Exact counts of stems, stages and heads for one task, from the search space's own counting.
 *
 * A stage at any channels costs one evaluation of a polynomial; the polynomial of a (cell, stride, size) is found from six
 * lowered cells the first time it is asked for.
 */
export class SiteCosts {
	readonly #stems: CountSurface;
	readonly #heads = new Map<number, CountSurface>();
	readonly #cells = new Map<Cell, Map<number, CountSurface>>();

	/** @param reference any cell; it fills the networks of which only stem and head are counted */
	constructor(
		readonly task: NetworkTask,
		readonly reference: Cell,
	) {
		this.#stems = fitCountSurface((_, y) => this.#section("stem", squareMap(y, task.inputSize), 8));
	}

	stem(channels: number): CountVector {
		return this.#stems(channels, channels);
	}

	head({ channels, height: size }: StageInput, finalChannels: number): CountVector {
		const fit = () => fitCountSurface((x, y) => this.#section("head", squareMap(x, size), y));
		return remember(this.#heads, size, fit)(channels, finalChannels);
	}

	/** All repeats of a stage whose cell is `cell`. */
	stage(cell: Cell, site: StageInput, stage: Omit<MacroStage, "cluster">): CountVector {
		const first = this.#instance(cell, site, stage.channels, stage.stride);
		if (stage.repeats === 1) return first;
		const repeated = this.#instance(cell, afterStage(stage, site), stage.channels, 1);
		return addCounts(first, repeated, stage.repeats - 1);
	}

	#instance(
		cell: Cell,
		{ channels: inChannels, height: size }: StageInput,
		channels: number,
		stride: number,
	): CountVector {
		// Equal channels lose the 1×1 convolution of pools and, at stride 1, the projection: a polynomial of their own.
		const equal = inChannels === channels;
		const fit = () =>
			fitCountSurface((x, y) => {
				const site = { input: squareMap(equal ? y : x, size), channels: y, stride };
				return toCountVector(countLayers(lowerCell(cell, site)));
			});
		const surfaces = remember(this.#cells, cell, () => new Map<number, CountSurface>());
		return remember(surfaces, size * 4 + stride * 2 - (equal ? 1 : 0), fit)(inChannels, channels);
	}

	/** Counts of the stem or the head of a network with one stage that keeps channels and size. */
	#section(
		kind: Section["kind"],
		{ channels, height: size }: StageInput,
		finalChannels: number,
	): CountVector {
		const graph = lowerNetwork({
			input: { size, channels: 3 },
			classes: this.task.classes,
			stem: { channels, stride: kind === "stem" ? stemStride(size) : 1 },
			stages: [{ cell: this.reference, channels, stride: 1, repeats: 1 }],
			finalChannels,
		});
		const { firstLayer, endLayer } = graph.sections.find((section) => section.kind === kind)!;
		return toCountVector(countLayers({ ...graph, layers: graph.layers.slice(firstLayer, endLayer) }));
	}
}
