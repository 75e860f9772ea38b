import type { Value } from "./layer.js";
import { NETWORK_LIMITS } from "./limits.js";
import type { Network, NetworkInput, Stage, Stride } from "./network.js";
import { DEFAULT_TASK, type TaskName } from "./task.js";

/** What a network is for. */
export interface Target {
	/** Height of the input in pixels, and width where none is given; 16 … 512. */
	readonly size: number;
	/** Outputs: classes, labels, values or channels as the task says; 0 for features. */
	readonly classes: number;
	/** Width of the input in pixels, 16 … 512; the height unless given. */
	readonly width?: number;
	/** Channels of the input, 1 … 64; 3 unless given. */
	readonly channels?: number;
	/** Classification unless given. */
	readonly task?: TaskName;
	/** Dense prediction alone: input pixels for each place of the output, along each side: 1, 2, 4, 8, 16 or 32; 1 unless given. */
	readonly outputStride?: number;
}

/** Largest input that the stem reads at full resolution. */
const FULL_RESOLUTION = 64;
const COLOURS = 3;

/** Side of the square with about as many pixels as the input: the geometric mean of its sides, inside the limits of a side. */
export function equivalentSize({ size, width = size }: Pick<Target, "size" | "width">): number {
	const { minimum, maximum } = NETWORK_LIMITS.size;
	return Math.min(maximum, Math.max(minimum, Math.round(Math.sqrt(size * width))));
}

/** Stride of the stem: 1 up to 64 pixels (CIFAR), 2 above (ImageNet). */
export function stemStride(size: number): Stride {
	return size > FULL_RESOLUTION ? 2 : 1;
}

/** Stride of the stem of a target's networks, by its {@link equivalentSize}; 1 where every pixel wants an output. */
export function targetStemStride(target: Target): Stride {
	return largestStride(target) === 1 ? 1 : stemStride(equivalentSize(target));
}

/** Largest product of all strides of a network: the output stride of dense prediction, else unbounded. */
export function largestStride({ task, outputStride = 1 }: Target): number {
	return task === "dense" ? outputStride : Number.POSITIVE_INFINITY;
}

/** The input with its longer side reduced or enlarged to so many pixels and the other one alike, 16 at least. */
export function scaledInput({ size, width = size, channels }: NetworkInput, longer: number): NetworkInput {
	const factor = longer / Math.max(size, width);
	const side = (length: number) => Math.max(NETWORK_LIMITS.size.minimum, Math.round(length * factor));
	return inputOf({ size: side(size), width: side(width), channels });
}

/** The images of an input as a map. */
export function imageMap({ size, width = size, channels }: NetworkInput): Value {
	return { channels, height: size, width };
}

/** The images of a target as a map. */
export function imageOf(target: Target): Value {
	return imageMap(inputOf(target));
}

function inputOf({ size, width = size, channels = COLOURS }: Omit<Target, "classes">): NetworkInput {
	return { size, ...(width !== size && { width }), channels };
}

/**
 * The stages of a target's networks. For dense prediction the product of all strides becomes the output stride: strides beyond it are left out
 * as in dilated backbones, and where the product stays below it the last stages without one stride.
 *
 * @returns the stages themselves for every other task; fewer halvings than wanted where there are too few stages
 */
export function stridedStages<S extends { readonly stride: Stride }>(
	stages: readonly S[],
	target: Target,
): readonly S[] {
	const most = largestStride(target);
	if (most === Number.POSITIVE_INFINITY) return stages;
	let product: number = targetStemStride(target);
	const bounded = stages.map((stage) => {
		const stride: Stride = product * stage.stride > most ? 1 : stage.stride;
		product *= stride;
		return { ...stage, stride };
	});
	for (let i = bounded.length - 1; i >= 0 && product < most; i--) {
		if (bounded[i]!.stride === 2) continue;
		bounded[i] = { ...bounded[i]!, stride: 2 };
		product *= 2;
	}
	return bounded;
}

/** Halvings that stages lack for the output stride of a target; 0 for every task but dense prediction. */
export function missingHalvings(stages: readonly { readonly stride: Stride }[], target: Target): number {
	const wanted = largestStride(target);
	if (wanted === Number.POSITIVE_INFINITY) return 0;
	const strided = stridedStages(stages, target);
	const reached = strided.reduce(
		(product, { stride }) => product * stride,
		targetStemStride(target) as number,
	);
	return Math.log2(wanted / reached);
}

/** The macro network of stages: the stem is as wide as the first stage. */
export function macroNetwork(stages: readonly Stage[], finalChannels: number, target: Target): Network {
	const { classes, task = DEFAULT_TASK } = target;
	return {
		input: inputOf(target),
		classes,
		...(task !== "classification" && { task }),
		stem: { channels: stages[0]!.channels, stride: targetStemStride(target) },
		stages: stridedStages(
			stages.map(({ cell, channels, stride, repeats }) => ({ cell, channels, stride, repeats })),
			target,
		),
		finalChannels,
	};
}
