import type { LayerGraph, Value } from "./layer.js";
import { LayerBuilder } from "./layer-builder.js";
import { appendCell } from "./lower-cell.js";
import { imageMap } from "./macro-network.js";
import type { Network } from "./network.js";
import { DEFAULT_TASK, type HeadKind, TASKS, type TaskName } from "./task.js";

/** A contiguous run of layers: the stem, one cell instance, a fixed block between stages, or the head. */
export interface Section {
	readonly kind: "stem" | "cell" | "block" | "head";
	/** Prefix of the names of its layers, e.g. `stages.2.0`. */
	readonly name: string;
	/** Index of its first layer. */
	readonly firstLayer: number;
	/** Index after its last layer. */
	readonly endLayer: number;
	/** Id of the value it reads. */
	readonly input: number;
	/** Id of the value it makes. */
	readonly output: number;
	/** Index of the stage; cells only. */
	readonly stage?: number;
	/** Index of the instance within its stage; cells only. */
	readonly repeat?: number;
}

/** The layers of a network and the sections that they fall into, in order. */
export interface NetworkGraph extends LayerGraph {
	readonly sections: readonly Section[];
	/** Classification unless given. */
	readonly task?: TaskName;
}

/** What says which section of a network it is. */
export type SectionIdentity = Pick<Section, "kind" | "name" | "stage" | "repeat">;

/**
 * Builds a network as a chain of sections.
 *
 * @param append calls its argument for every section in order, each time with what emits the layers of that section: from
 *   the id of the value before it to the id of its result
 */
export function chainSections(
	image: Value,
	append: (
		builder: LayerBuilder,
		section: (identity: SectionIdentity, emit: (from: number) => number) => void,
	) => void,
): NetworkGraph {
	const builder = new LayerBuilder();
	const sections: Section[] = [];
	const input = builder.input(image);
	let value = input;
	append(builder, (identity, emit) => {
		const firstLayer = builder.length;
		const before = value;
		value = emit(before);
		sections.push({ ...identity, firstLayer, endLayer: builder.length, input: before, output: value });
	});
	return { ...builder.build(input, value), sections };
}

/** The primitive layers of a network. The network is taken as valid: see `validateNetwork`. */
export function lowerNetwork(network: Network): NetworkGraph {
	const { task } = network;
	const graph = chainSections(imageMap(network.input), (builder, section) => {
		section({ kind: "stem", name: "stem" }, (from) => appendStem(builder, network, from));
		network.stages.forEach(({ cell, channels, stride, repeats }, stage) => {
			for (let repeat = 0; repeat < repeats; repeat++) {
				const name = `stages.${stage}.${repeat}`;
				section({ kind: "cell", name, stage, repeat }, (from) =>
					appendCell(builder, cell, from, { name, channels, stride: repeat === 0 ? stride : 1 }),
				);
			}
		});
		section({ kind: "head", name: "head" }, (from) => appendHead(builder, network, from));
	});
	return task === undefined ? graph : { ...graph, task };
}

/** Conv 3×3 → BN. */
function appendStem(builder: LayerBuilder, { stem }: Network, input: number): number {
	const mapped = builder.conv("stem.conv", input, {
		outChannels: stem.channels,
		kernel: 3,
		stride: stem.stride,
	});
	return builder.batchNorm("stem.norm", mapped);
}

/** BN → ReLU → [1×1 conv → BN →] and what the kind of head ends in. */
function appendHead(builder: LayerBuilder, network: Network, input: number): number {
	const { finalChannels, classes, task = DEFAULT_TASK } = network;
	let value = builder.relu("head.relu", builder.batchNorm("head.input_norm", input));
	if (finalChannels !== null) {
		value = builder.conv("head.conv", value, { outChannels: finalChannels });
		value = builder.batchNorm("head.norm", value);
	}
	return HEAD_ENDS[TASKS[task].head](builder, value, classes);
}

/** Ends of a head by kind; every one is linear in what it reads, as that of α_x is. */
const HEAD_ENDS: {
	readonly [K in HeadKind]: (builder: LayerBuilder, value: number, outputs: number) => number;
} = {
	pooled: (builder, value, outputs) =>
		builder.linear("head.classifier", builder.globalAveragePool("head.pool", value), outputs),
	dense: (builder, value, outputs) =>
		builder.conv("head.classifier", value, { outChannels: outputs, bias: true }),
	none: (_builder, value) => value,
};
