import { squareMap } from "../layer.js";
import type { LayerBuilder } from "../layer-builder.js";
import { chainSections, type NetworkGraph } from "../lower-network.js";
import type { Target } from "../macro-network.js";
import type { AlphaOptions } from "../network.js";
import { NASBENCH201_EDGES, type NasBench201Operation, nasBench201Operations } from "./nasbench201.js";

/** Channels of the three stages; a residual block of stride 2 leads from each to the next. */
const CHANNELS = [16, 32, 64] as const;
const CELLS_PER_STAGE = 5;

/**
 * The network that NAS-Bench-201 trains (Dong & Yang, 2020): stem, 3 × 5 cells, two residual blocks, head. It keeps that
 * benchmark's own semantics, unlike a cell embedded in Ω: a `none` edge carries zeros, parallel skips add up, average
 * pooling has no batch norm, and layers that reach no output stay, with their parameters and their sign codes.
 *
 * Parameters: 72656 + 65·classes + 243040·#conv3×3 + 28000·#conv1×1.
 *
 * @param arch such as `|nor_conv_3x3~0|+|none~0|skip_connect~1|+|…|`
 * @throws ArchgenError INVALID_ARGUMENT (field `arch`), reason INVALID_ARCH_STRING or UNKNOWN_OPERATION
 */
export function lowerNasBench201(arch: string, { classes = 10, size = 32 }: AlphaOptions = {}): NetworkGraph {
	return lowerNasBench201Operations(nasBench201Operations(arch), { classes, size });
}

/** {@link lowerNasBench201} of the operations on the six edges. */
export function lowerNasBench201Operations(
	operations: readonly NasBench201Operation[],
	{ classes, size }: Target,
): NetworkGraph {
	return chainSections(squareMap(3, size), (builder, section) => {
		section({ kind: "stem", name: "stem" }, (from) => {
			const mapped = builder.conv("stem.conv", from, { outChannels: CHANNELS[0], kernel: 3 });
			return builder.batchNorm("stem.norm", mapped);
		});
		CHANNELS.forEach((channels, stage) => {
			if (stage > 0) {
				const name = `blocks.${stage - 1}`;
				section({ kind: "block", name }, (from) => appendResidualBlock(builder, name, from, channels));
			}
			for (let repeat = 0; repeat < CELLS_PER_STAGE; repeat++) {
				const name = `stages.${stage}.${repeat}`;
				const identity = { kind: "cell", name, stage, repeat } as const;
				section(identity, (from) => appendBenchmarkCell(builder, operations, name, from));
			}
		});
		section({ kind: "head", name: "head" }, (from) => {
			const active = builder.relu("head.relu", builder.batchNorm("head.norm", from));
			return builder.linear("head.classifier", builder.globalAveragePool("head.pool", active), classes);
		});
	});
}

/** Four nodes, each the sum of what its incoming edges carry; node 0 is the input, node 3 the result. */
function appendBenchmarkCell(
	builder: LayerBuilder,
	operations: readonly NasBench201Operation[],
	name: string,
	input: number,
): number {
	const nodes = [input];
	for (const target of [1, 2, 3]) {
		const terms = NASBENCH201_EDGES.flatMap(([from, to], e) =>
			to === target ? [EDGE_RULES[operations[e]!](builder, `${name}.edge${from}${to}`, nodes[from]!)] : [],
		);
		nodes.push(builder.add(`${name}.node${target}`, terms));
	}
	return nodes[3]!;
}

type EdgeRule = (builder: LayerBuilder, name: string, input: number) => number;

/** ReLU → Conv k×k → BN. */
function activeConvolution(kernel: number, stride = 1, channels?: number): EdgeRule {
	return (builder, name, input) => {
		const outChannels = channels ?? builder.shape(input).channels;
		const active = builder.relu(`${name}.relu`, input);
		const mapped = builder.conv(`${name}.conv`, active, { outChannels, kernel, stride });
		return builder.batchNorm(`${name}.norm`, mapped);
	};
}

const EDGE_RULES: { readonly [O in NasBench201Operation]: EdgeRule } = {
	none: (builder, name, input) => builder.zero(`${name}.zero`, input),
	skip_connect: (_builder, _name, input) => input,
	nor_conv_1x1: activeConvolution(1),
	nor_conv_3x3: activeConvolution(3),
	avg_pool_3x3: (builder, name, input) => builder.averagePool(`${name}.pool`, input, 3, 1),
};

/** Two convolutions of 3×3, the first with stride 2, beside an average pool of 2×2 and a convolution of 1×1. */
function appendResidualBlock(builder: LayerBuilder, name: string, input: number, channels: number): number {
	const first = activeConvolution(3, 2, channels)(builder, `${name}.first`, input);
	const second = activeConvolution(3)(builder, `${name}.second`, first);
	const pooled = builder.averagePool(`${name}.shortcut.pool`, input, 2, 2);
	const shortcut = builder.conv(`${name}.shortcut.conv`, pooled, { outChannels: channels });
	return builder.add(`${name}.sum`, [shortcut, second]);
}
