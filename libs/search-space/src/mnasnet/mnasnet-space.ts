import { invalidArgument } from "@archgen/errors";
import { choiceSpace } from "../choice-space.js";
import { readObject } from "../fields.js";
import { appendConvNorm, appendInvertedResidual, appendMobileHead } from "../inverted-residual.js";
import { squareMap } from "../layer.js";
import { chainSections, type NetworkGraph } from "../lower-network.js";
import type { Target } from "../macro-network.js";

const STEM = 32;
const FEATURES = 1280;
/** Channels of a block's input for each channel between the convolutions of its squeeze-and-excitation. */
const REDUCTION = 4;
/** Channels, stride and most layers of each block. */
const BLOCKS = [
	{ channels: 16, stride: 1, layers: 3 },
	{ channels: 24, stride: 2, layers: 3 },
	{ channels: 40, stride: 2, layers: 3 },
	{ channels: 80, stride: 2, layers: 3 },
	{ channels: 112, stride: 1, layers: 3 },
	{ channels: 192, stride: 2, layers: 4 },
	{ channels: 320, stride: 1, layers: 3 },
] as const;
const EXPANSIONS = [1, 4, 6] as const;
const KERNELS = [3, 5] as const;
const FORM = /^e([146])k([35])l([1-4])(s?)$/;

/** One block, such as `e4k5l2s`: expansion 4, kernel 5, two layers, with squeeze-and-excitation. */
export type MnasNetBlock = `e${1 | 4 | 6}k${3 | 5}l${1 | 2 | 3 | 4}${"" | "s"}`;

/** Every block of at most so many layers. */
function blocksOf(layers: number): MnasNetBlock[] {
	const shapes = EXPANSIONS.flatMap((e) => KERNELS.map((k) => `e${e}k${k}` as const));
	const depths = Array.from({ length: layers }, (_, l) => `l${l + 1}` as `l${1 | 2 | 3 | 4}`);
	return shapes.flatMap((shape) =>
		depths.flatMap((depth) => [`${shape}${depth}` as const, `${shape}${depth}s` as const]),
	);
}

const POSITIONS = BLOCKS.map(({ layers }) => blocksOf(layers));

/**
 * The MnasNet space (Tan et al., CVPR 2019) as Accel-NASBench (Ahmad et al., 2024) trains it on ImageNet: seven blocks of inverted residuals at fixed
 * widths. JSON form: `{"blocks": "e4k5l2-e4k3l3-…"}`, as in that benchmark's table.
 */
export const mnasNetSpace = choiceSpace<MnasNetBlock>({
	name: "mnasnet",
	title: "MnasNet",
	source: "Tan et al., CVPR 2019; Ahmad et al., 2024",
	target: { size: 224, classes: 1000 },
	positions: POSITIONS,
	lower,
	toJson: (blocks) => ({ blocks: blocks.join("-") }),
	fromJson: (value) => mnasNetBlocks(readObject(value, "", ["blocks"]).blocks),
});

/**
 * The seven blocks of a string such as `e4k5l2-e4k3l3-e1k3l3-e6k5l1-e6k3l3-e6k5l3-e1k3l3`.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `blocks`), reason INVALID_BLOCKS
 */
export function mnasNetBlocks(text: unknown): MnasNetBlock[] {
	const blocks = typeof text === "string" ? text.split("-") : [];
	if (blocks.length !== BLOCKS.length)
		throw invalidArgument("blocks", "must be seven blocks such as e4k5l2, joined by -", "INVALID_BLOCKS");
	blocks.forEach((block, i) => {
		if (!(POSITIONS[i] as readonly string[]).includes(block))
			throw invalidArgument(
				"blocks",
				`block ${i + 1} is ${JSON.stringify(block)}; it must be e1, e4 or e6, k3 or k5, l1 to l${BLOCKS[i]!.layers} and an optional s, such as e4k5l2s`,
				"INVALID_BLOCKS",
			);
	});
	return blocks as MnasNetBlock[];
}

function lower(blocks: readonly MnasNetBlock[], { size, classes }: Target): NetworkGraph {
	return chainSections(squareMap(3, size), (builder, section) => {
		section({ kind: "stem", name: "stem" }, (from) =>
			appendConvNorm(builder, "stem", from, { outChannels: STEM, kernel: 3, stride: 2 }),
		);
		BLOCKS.forEach(({ channels, stride }, b) => {
			const [, expansion, kernel, layers, excite] = FORM.exec(blocks[b]!)!;
			for (let layer = 0; layer < Number(layers); layer++) {
				const name = `blocks.${b}.${layer}`;
				section({ kind: "block", name }, (from) => {
					const inChannels = builder.shape(from).channels;
					return appendInvertedResidual(builder, name, from, {
						channels,
						hidden: Number(expansion) * inChannels,
						kernel: Number(kernel),
						stride: layer === 0 ? stride : 1,
						squeezeExcite: excite ? { reduced: inChannels / REDUCTION, gate: "sigmoid" } : undefined,
					});
				});
			}
		});
		section({ kind: "head", name: "head" }, (from) =>
			appendMobileHead(builder, from, { features: FEATURES, classes }),
		);
	});
}
