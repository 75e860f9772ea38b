import { invalidArgument } from "@archgen/errors";
import { choiceSpace } from "../choice-space.js";
import { readObject } from "../fields.js";
import { appendConvNorm, appendInvertedResidual, appendMobileHead } from "../inverted-residual.js";
import { squareMap } from "../layer.js";
import type { LayerBuilder } from "../layer-builder.js";
import { chainSections, type NetworkGraph } from "../lower-network.js";
import type { Target } from "../macro-network.js";

const CHOICES = ["0", "1", "2"] as const;

/** Digit of a NAS-Bench-Macro architecture: 0 identity, 1 expansion 3 kernel 3, 2 expansion 6 kernel 5. */
export type NasBenchMacroChoice = (typeof CHOICES)[number];

const STEM = 32;
const FEATURES = 1280;
/** Channels and stride of each position. */
const LAYERS = [
	[64, 2],
	[64, 1],
	[128, 2],
	[128, 1],
	[128, 1],
	[256, 2],
	[256, 1],
	[256, 1],
] as const;

type Block = (builder: LayerBuilder, name: string, from: number, channels: number, stride: number) => number;

const bottleneck =
	(expansion: number, kernel: number): Block =>
	(builder, name, from, channels, stride) => {
		const hidden = expansion * builder.shape(from).channels;
		return appendInvertedResidual(builder, name, from, { channels, hidden, kernel, stride });
	};

const BLOCKS: { readonly [C in NasBenchMacroChoice]: Block } = {
	// Where the shape changes, the identity is a convolution of 1×1 and batch normalisation.
	"0": (builder, name, from, channels, stride) => {
		if (stride === 1) return from;
		const mapped = builder.conv(`${name}.conv`, from, { outChannels: channels, stride });
		return builder.batchNorm(`${name}.norm`, mapped);
	},
	"1": bottleneck(3, 3),
	"2": bottleneck(6, 5),
};

/**
 * NAS-Bench-Macro (Su et al., CVPR 2021): eight layers of MobileNetV2 blocks or identities on CIFAR-10. Parameters and MACs are those of its table.
 * JSON form: `{"choices": "02112012"}`.
 */
export const nasBenchMacroSpace = choiceSpace<NasBenchMacroChoice>({
	name: "nasbench-macro",
	title: "NAS-Bench-Macro",
	source: "Su et al., CVPR 2021",
	target: { size: 32, classes: 10 },
	positions: LAYERS.map(() => CHOICES),
	hash: (choices) => choices.join(""),
	lower,
	toJson: (choices) => ({ choices: choices.join("") }),
	fromJson: (value) => nasBenchMacroChoices(readObject(value, "", ["choices"]).choices),
});

/**
 * The choices of a string of eight digits 0, 1 or 2.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `choices`), reason INVALID_CHOICES
 */
export function nasBenchMacroChoices(text: unknown): NasBenchMacroChoice[] {
	if (typeof text !== "string" || !/^[012]{8}$/.test(text))
		throw invalidArgument("choices", "must be eight digits 0, 1 or 2 such as 02112012", "INVALID_CHOICES");
	return [...text] as NasBenchMacroChoice[];
}

function lower(choices: readonly NasBenchMacroChoice[], { size, classes }: Target): NetworkGraph {
	return chainSections(squareMap(3, size), (builder, section) => {
		section({ kind: "stem", name: "stem" }, (from) =>
			appendConvNorm(builder, "stem", from, { outChannels: STEM, kernel: 3 }),
		);
		LAYERS.forEach(([channels, stride], i) => {
			const name = `layers.${i}`;
			// An identity makes no layers and so no section.
			if (choices[i] === "0" && stride === 1) return;
			section({ kind: "block", name }, (from) => BLOCKS[choices[i]!](builder, name, from, channels, stride));
		});
		section({ kind: "head", name: "head" }, (from) =>
			appendMobileHead(builder, from, { features: FEATURES, classes }),
		);
	});
}
