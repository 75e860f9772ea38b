import type { Network, Stage, Stride } from "./network.js";

/** What a network is for. */
export interface Target {
	/** Side of the square input in pixels, 16 … 512. */
	readonly size: number;
	/** 2 … 100,000. */
	readonly classes: number;
}

/** Largest input that the stem reads at full resolution. */
const FULL_RESOLUTION = 64;

/** Stride of the stem: 1 up to 64 pixels (CIFAR), 2 above (ImageNet). */
export function stemStride(size: number): Stride {
	return size > FULL_RESOLUTION ? 2 : 1;
}

/** The macro network of stages: the stem is as wide as the first stage. */
export function macroNetwork(stages: readonly Stage[], finalChannels: number, target: Target): Network {
	return {
		input: { size: target.size, channels: 3 },
		classes: target.classes,
		stem: { channels: stages[0]!.channels, stride: stemStride(target.size) },
		stages: stages.map(({ cell, channels, stride, repeats }) => ({ cell, channels, stride, repeats })),
		finalChannels,
	};
}
