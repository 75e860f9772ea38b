import type { LayerOfKind, Value } from "./layer.js";

/** A window that passes over one axis with equal padding at both ends. */
export interface Axis {
	/** Length of the axis. */
	readonly size: number;
	/** Reach of the window: dilation · (kernel − 1) + 1. */
	readonly window: number;
	readonly stride: number;
	/** At both ends. */
	readonly padding: number;
}

/** How TensorFlow Lite gets the same result: one of its two schemes, or zeros written around the map and then VALID. */
export interface WindowPadding {
	readonly scheme: "SAME" | "VALID" | "EXPLICIT";
	/** Positions of the window by axis. */
	readonly positions: readonly number[];
	/** Zeros before and after, by axis; for EXPLICIT only. */
	readonly zeros: readonly (readonly [before: number, after: number])[];
}

/** Positions of a window on an axis. */
export function positionsOf({ size, window, stride, padding }: Axis): number {
	return Math.floor((size + 2 * padding - window) / stride) + 1;
}

/**
 * Padding of a window by TensorFlow Lite. Its SAME pads as little as ⌈size / stride⌉ positions need and puts the odd zero behind; with
 * a stride of 2 on an even axis that is not our equal padding, which then is written into the map.
 */
export function windowPadding(axes: readonly Axis[]): WindowPadding {
	const positions = axes.map(positionsOf);
	const zeros = axes.map(neededZeros);
	if (axes.every(({ padding }) => padding === 0)) return { scheme: "VALID", positions, zeros };
	return { scheme: axes.every(isSame) ? "SAME" : "EXPLICIT", positions, zeros };
}

/** Zeros that are read: those behind only as far as the last position reaches. */
function neededZeros(axis: Axis): readonly [number, number] {
	const { size, window, stride, padding } = axis;
	const reach = (positionsOf(axis) - 1) * stride + window;
	return [padding, Math.max(0, reach - size - padding)];
}

function isSame(axis: Axis): boolean {
	const { size, window, stride, padding } = axis;
	const positions = Math.ceil(size / stride);
	const total = Math.max(0, (positions - 1) * stride + window - size);
	return positionsOf(axis) === positions && Math.floor(total / 2) === padding;
}

/** Numbers of the map, not of its padding, under the window at each position of an axis. */
export function coveredAt(axis: Axis): number[] {
	const { size, window, stride, padding } = axis;
	return Array.from({ length: positionsOf(axis) }, (_, position) => {
		const start = position * stride - padding;
		return Math.min(size, start + window) - Math.max(0, start);
	});
}

/** Layers with a window that passes over the map. */
export type WindowLayer = LayerOfKind<"conv" | "average_pool">;

/** The axes, height and width, of the map that a convolution or an average pool passes over. */
export function windowAxes(
	layer: WindowLayer,
	{ height, width }: Pick<Value, "height" | "width">,
): readonly [Axis, Axis] {
	const { kernel, stride, padding } = layer;
	const window = (layer.kind === "conv" ? layer.dilation : 1) * (kernel - 1) + 1;
	return [
		{ size: height, window, stride, padding },
		{ size: width, window, stride, padding },
	];
}
