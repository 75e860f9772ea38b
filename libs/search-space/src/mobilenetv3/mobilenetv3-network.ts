import { appendConvNorm, appendInvertedResidual, type InvertedResidual } from "../inverted-residual.js";
import { squareMap } from "../layer.js";
import type { ActivationKind, LayerBuilder } from "../layer-builder.js";
import { chainSections, type NetworkGraph } from "../lower-network.js";
import type { Target } from "../macro-network.js";
import type { MobileNetV3Architecture, MobileNetV3Layer } from "./mobilenetv3-architecture.js";

const STEM = 16;
const EXPANDED = 960;
const FEATURES = 1280;
/** Squeeze-and-excitation works on a quarter of the channels. */
const REDUCTION = 4;

interface StageSpec {
	readonly channels: number;
	readonly stride: number;
	readonly activation: ActivationKind;
	readonly excite: boolean;
}

const STAGES: readonly StageSpec[] = [
	{ channels: 24, stride: 2, activation: "relu", excite: false },
	{ channels: 40, stride: 2, activation: "relu", excite: true },
	{ channels: 80, stride: 2, activation: "hard_swish", excite: false },
	{ channels: 112, stride: 1, activation: "hard_swish", excite: true },
	{ channels: 160, stride: 2, activation: "hard_swish", excite: true },
];

/**
 * The network of an architecture: MobileNetV3-large at width 1.0 (Howard et al., ICCV 2019) with the stages of Once-for-All (Cai et al., ICLR 2020).
 * Stem of 16 channels and stride 2, a block of 16 channels without expansion, five stages, 1×1 to 960, pooling, 1×1 to 1280 without batch
 * normalisation, classifier.
 */
export function lowerMobileNetV3(
	architecture: MobileNetV3Architecture,
	{ size, classes }: Target,
): NetworkGraph {
	return chainSections(squareMap(3, size), (builder, section) => {
		section({ kind: "stem", name: "stem" }, (from) =>
			appendConvNorm(builder, "stem", from, {
				outChannels: STEM,
				kernel: 3,
				stride: 2,
				activation: "hard_swish",
			}),
		);
		section({ kind: "block", name: "first" }, (from) =>
			appendInvertedResidual(builder, "first", from, { channels: STEM, hidden: STEM, kernel: 3, stride: 1 }),
		);
		architecture.forEach((layers, s) => {
			layers.forEach((layer, l) => {
				const name = `stages.${s}.${l}`;
				section({ kind: "block", name }, (from) => {
					const block = blockOf(layer, STAGES[s]!, l === 0, builder.shape(from).channels);
					return appendInvertedResidual(builder, name, from, block);
				});
			});
		});
		section({ kind: "head", name: "head" }, (from) => appendHead(builder, from, classes));
	});
}

function blockOf(
	layer: MobileNetV3Layer,
	{ channels, stride, activation, excite }: StageSpec,
	first: boolean,
	inChannels: number,
): InvertedResidual {
	const [kernel, expansion] = [Number(layer[1]), Number(layer[3])];
	const hidden = divisibleByEight(inChannels * expansion);
	const reduced = divisibleByEight(Math.floor(hidden / REDUCTION));
	return {
		channels,
		hidden,
		kernel,
		stride: first ? stride : 1,
		activation,
		squeezeExcite: excite ? { reduced, gate: "hard_sigmoid" } : undefined,
	};
}

/** The nearest multiple of 8, or the next one where that would take away more than a tenth. */
function divisibleByEight(channels: number): number {
	const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
	return nearest < 0.9 * channels ? nearest + 8 : nearest;
}

function appendHead(builder: LayerBuilder, input: number, classes: number): number {
	let value = appendConvNorm(builder, "head", input, { outChannels: EXPANDED, activation: "hard_swish" });
	value = builder.squeeze("head.pool", value);
	value = builder.conv("head.mix", value, { outChannels: FEATURES });
	value = builder.activation("hard_swish", "head.mix_act", value);
	return builder.linear("head.classifier", builder.flatten("head.flatten", value), classes);
}
