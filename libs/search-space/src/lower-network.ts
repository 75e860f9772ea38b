import type { LayerGraph } from "./layer.js";
import { LayerBuilder } from "./layer-builder.js";
import { appendCell } from "./lower-cell.js";
import type { Network } from "./network.js";

/** A contiguous run of layers: the stem, one cell instance, or the head. */
export interface Section {
	readonly kind: "stem" | "cell" | "head";
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
}

/** The primitive layers of a network. The network is taken as valid: see `validateNetwork`. */
export function lowerNetwork(network: Network): NetworkGraph {
	const builder = new LayerBuilder();
	const sections: Section[] = [];
	const input = builder.input({ channels: network.input.channels, size: network.input.size });
	let value = input;
	const append = (
		identity: Pick<Section, "kind" | "name" | "stage" | "repeat">,
		emit: (from: number) => number,
	) => {
		const firstLayer = builder.length;
		const before = value;
		value = emit(before);
		sections.push({ ...identity, firstLayer, endLayer: builder.length, input: before, output: value });
	};
	append({ kind: "stem", name: "stem" }, (from) => appendStem(builder, network, from));
	network.stages.forEach(({ cell, channels, stride, repeats }, stage) => {
		for (let repeat = 0; repeat < repeats; repeat++) {
			const name = `stages.${stage}.${repeat}`;
			append({ kind: "cell", name, stage, repeat }, (from) =>
				appendCell(builder, cell, from, { name, channels, stride: repeat === 0 ? stride : 1 }),
			);
		}
	});
	append({ kind: "head", name: "head" }, (from) => appendHead(builder, network, from));
	return { ...builder.build(input, value), sections };
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

/** BN → ReLU → [1×1 conv → BN →] global average pool → linear. */
function appendHead(builder: LayerBuilder, { finalChannels, classes }: Network, input: number): number {
	let value = builder.relu("head.relu", builder.batchNorm("head.input_norm", input));
	if (finalChannels !== null) {
		value = builder.conv("head.conv", value, { outChannels: finalChannels });
		value = builder.batchNorm("head.norm", value);
	}
	return builder.linear("head.classifier", builder.globalAveragePool("head.pool", value), classes);
}
