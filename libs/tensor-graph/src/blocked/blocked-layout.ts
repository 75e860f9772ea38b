import type { OnnxWriter } from "../onnx-writer.js";
import { staticShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** onnxruntime's own operators on channel-blocked tensors. */
export const BLOCKED_DOMAIN = "com.microsoft.nchwc";

/** Names of the value of one tensor in the graph being written, by layout. */
export interface LaidOut {
	plain?: string;
	blocked?: string;
}

/**
 * Where the values of a graph lie. *Plain* is row-major [N, C, H, W]. *Blocked* is row-major [N, C'/b, H, W, b]: blocks of b
 * channels side by side, as wide as a vector register, C' being C rounded up to a multiple of b and the channels beyond
 * C zero. onnxruntime's convolutions in that layout are 1.5 times (dense) to 20 times (depthwise) faster than in the plain
 * one, but it uses them by itself only for weights that are constants of the graph. onnxruntime describes a blocked
 * tensor by the shape [N, C', H, W].
 *
 * Conversions are written when a value is first asked for in a layout that it does not have.
 */
export class BlockedLayout {
	readonly #values: ReadonlyMap<Tensor, LaidOut>;
	readonly #readers: ReadonlyMap<Tensor, readonly Tensor[]>;

	/**
	 * @param block b, the number of channels side by side; see `detectChannelBlock`
	 * @param readers the nodes that read a value; one that is returned has none besides
	 */
	constructor(
		readonly writer: OnnxWriter,
		readonly block: number,
		values: ReadonlyMap<Tensor, LaidOut>,
		readers: ReadonlyMap<Tensor, readonly Tensor[]>,
	) {
		this.#values = values;
		this.#readers = readers;
	}

	/** The node that alone reads a value, if there is one. */
	onlyReader(x: Tensor): Tensor | undefined {
		const readers = this.#readers.get(x) ?? [];
		return readers.length === 1 ? readers[0] : undefined;
	}

	/** C', the channels of a blocked tensor that holds C. */
	padded(channels: number): number {
		return Math.ceil(channels / this.block) * this.block;
	}

	/** [N, C', H, W] of a tensor [N, C, H, W]. */
	shapeOf(x: Tensor): readonly [number, number, number, number] {
		const [batch, channels, height, width] = imageShape(x);
		return [batch, this.padded(channels), height, width];
	}

	/** [N, C'/b, H, W, b], the axes as they lie in memory. */
	axesOf(x: Tensor): readonly [number, number, number, number, number] {
		const [batch, channels, height, width] = this.shapeOf(x);
		return [batch, channels / this.block, height, width, this.block];
	}

	/** Whether the value exists in blocked layout already. */
	has(x: Tensor): boolean {
		return this.of(x).blocked !== undefined;
	}

	/** Name of the value in plain layout. */
	plain(x: Tensor): string {
		const value = this.of(x);
		value.plain ??= this.writer.node(
			"ReorderOutput",
			[value.blocked!],
			{ channels: imageShape(x)[1] },
			{ domain: BLOCKED_DOMAIN },
		);
		return value.plain;
	}

	/** Name of the value in blocked layout. */
	blocked(x: Tensor): string {
		const value = this.of(x);
		value.blocked ??= this.writer.node("ReorderInput", [this.#aligned(x)], {}, { domain: BLOCKED_DOMAIN });
		return value.blocked;
	}

	/** Zeros behind an axis of a plain value. */
	padTo(name: string, shape: readonly number[], axis: number, length: number): string {
		if (shape[axis] === length) return name;
		const pads = new Array<number>(2 * shape.length).fill(0);
		pads[shape.length + axis] = length - shape[axis]!;
		return this.writer.node("Pad", [name, this.writer.int64s(pads)]);
	}

	reshape(name: string, shape: readonly number[]): string {
		return this.writer.node("Reshape", [name, this.writer.int64s(shape)]);
	}

	transpose(name: string, perm: readonly number[]): string {
		return this.writer.node("Transpose", [name], { perm });
	}

	/** [1, C, 1, 1] from the C' values of a vector. */
	firstChannels(name: string, channels: number): string {
		const { writer } = this;
		const kept =
			channels === this.padded(channels)
				? name
				: writer.node("Slice", [name, writer.int64s([0]), writer.int64s([channels]), writer.int64s([0])]);
		return this.reshape(kept, [1, channels, 1, 1]);
	}

	/** ReorderInput takes channels in multiples of 4 only. */
	#aligned(x: Tensor): string {
		const shape = imageShape(x);
		return shape[1] % 4 === 0 ? this.plain(x) : this.padTo(this.plain(x), shape, 1, this.padded(shape[1]));
	}

	/** The value of a node that has been written. */
	of(x: Tensor): LaidOut {
		return this.#values.get(x)!;
	}
}

/** The shape of a batch of images or activations. */
export function imageShape(x: Tensor): readonly [number, number, number, number] {
	return staticShape(x.shape) as [number, number, number, number];
}
