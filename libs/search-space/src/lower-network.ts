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

/** A section of a network before it is lowered. */
export interface SectionPlan {
	readonly identity: SectionIdentity;
	/** All that its layers depend on, names and the map before it left out. */
	readonly key: string;
	/** Appends its layers, from the id of the value before it to the id of its result. */
	readonly emit: (builder: LayerBuilder, from: number) => number;
}

/** The sections of a network in order. */
export function planSections(network: Network): SectionPlan[] {
	const { stem, stages, finalChannels, classes, task } = network;
	const cells = stages.flatMap(({ cell, channels, stride, repeats }, stage) =>
		Array.from({ length: repeats }, (_, repeat): SectionPlan => {
			const site = { name: `stages.${stage}.${repeat}`, channels, stride: repeat === 0 ? stride : 1 };
			return {
				identity: { kind: "cell", name: site.name, stage, repeat },
				key: `${cell.hash}/${channels}/${site.stride}`,
				emit: (builder, from) => appendCell(builder, cell, from, site),
			};
		}),
	);
	return [
		{
			identity: { kind: "stem", name: "stem" },
			key: `stem/${stem.channels}/${stem.stride}`,
			emit: (builder, from) => appendStem(builder, network, from),
		},
		...cells,
		{
			identity: { kind: "head", name: "head" },
			key: `head/${finalChannels}/${classes}/${task}`,
			emit: (builder, from) => appendHead(builder, network, from),
		},
	];
}

/** The primitive layers of a network. The network is taken as valid: see `validateNetwork`. */
export function lowerNetwork(network: Network): NetworkGraph {
	const { task } = network;
	const graph = chainSections(imageMap(network.input), (builder, section) => {
		for (const { identity, emit } of planSections(network)) section(identity, (from) => emit(builder, from));
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
