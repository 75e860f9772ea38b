import type { Cell } from "./cell.js";
import type { TaskName } from "./task.js";

/** Down-sampling factor of a stage or stem. */
export type Stride = 1 | 2;

/** `repeats` instances of one cell in a row; only the first one strides. */
export interface Stage {
	readonly cell: Cell;
	/** Output channels of every instance: a multiple of 8 in 8 … 1024. */
	readonly channels: number;
	readonly stride: Stride;
	/** 1 … 4. */
	readonly repeats: number;
}

/** Images that a network reads. */
export interface NetworkInput {
	/** Height, and width where none is given; 16 … 512. */
	readonly size: number;
	/** Width of images that are not square, 16 … 512; never equal to the height. */
	readonly width?: number;
	/** 1 … 64; three in pictures. */
	readonly channels: number;
}

/** A macro network: stem, stages, head. */
export interface Network {
	readonly input: NetworkInput;
	/** Outputs of the network: classes, labels, values or channels, as its task says; 0 for features. 1 or 2 … 100,000. */
	readonly classes: number;
	/** Classification unless given; never given as such. */
	readonly task?: Exclude<TaskName, "classification">;
	/** Conv 3×3 → BN. */
	readonly stem: { readonly channels: number; readonly stride: Stride };
	/** At most 20 cells in all. */
	readonly stages: readonly Stage[];
	/**
	 * Output channels of the 1×1 convolution of the head. With null the head is that of α_x:
	 * BN → ReLU → global average pool → linear, or as the task has it without that convolution.
	 */
	readonly finalChannels: number | null;
}

/** Image and task of a proxy network. */
export interface AlphaOptions {
	/** 10 unless given. */
	readonly classes?: number;
	/** Side of the image, 32 unless given. */
	readonly size?: number;
}

/**
 * α_x, the network that scores one cell (eq. 1–2): 17 instances, 5 at 16 channels, 6 at 32 and 6 at 64, the first of the
 * 32s and of the 64s with stride 2. The instances are written as stages of at most four repeats.
 */
export function alphaNetwork(cell: Cell, options: AlphaOptions = {}): Network {
	const { classes = 10, size = 32 } = options;
	const stage = (channels: number, stride: Stride, repeats: number): Stage => ({
		cell,
		channels,
		stride,
		repeats,
	});
	return {
		input: { size, channels: 3 },
		classes,
		stem: { channels: 16, stride: 1 },
		stages: [
			stage(16, 1, 4),
			stage(16, 1, 1),
			stage(32, 2, 4),
			stage(32, 1, 2),
			stage(64, 2, 4),
			stage(64, 1, 2),
		],
		finalChannels: null,
	};
}
