import { f32, type TensorValue } from "@archgen/tensor-graph";

/**
 * A tensor and the power of two it was multiplied by: true value = value · 2^−exponent.
 *
 * With BN in eval mode nothing keeps activations from shrinking by a factor of about 0.4 per layer, and after some
 * hundred layers float32 would hold zeros. Layers without bias are positively homogeneous, so sign codes do not change and
 * saliencies only change by a known factor when a section's input is multiplied by a power of two.
 */
export interface Scaled {
	readonly value: TensorValue;
	readonly exponent: number;
}

/** Below this size a tensor is scaled up; a section loses less than this factor, so nothing reaches the denormals. */
const SMALL = 2 ** -24;

/**
 * Scales a tensor up to about 1 when its largest element is small; otherwise returns it as it is. Takes the numbers over: they are
 * scaled in place.
 */
export function rescale(scaled: Scaled): Scaled {
	return reaches(scaled.value.data as Float32Array, SMALL) ? scaled : balance(scaled);
}

/** The tensor at its true size, where very small elements become zero. */
export function trueSize(scaled: Scaled): Scaled {
	return scaled.exponent === 0
		? scaled
		: { value: multiplied(scaled.value, 2 ** -scaled.exponent), exponent: 0 };
}

/** Brings a tensor to a size of about 1, from above as from below, in place; a tensor of zeros stays as it is. */
export function balance({ value, exponent }: Scaled): Scaled {
	const data = value.data as Float32Array;
	const largest = largestMagnitude(data);
	if (largest === 0) return { value, exponent };
	const shift = -Math.floor(Math.log2(largest));
	multiply(data, data, 2 ** shift);
	return { value, exponent: exponent + shift };
}

function multiplied({ data, shape }: TensorValue, factor: number): TensorValue {
	return f32(multiply(new Float32Array(data.length), data as Float32Array, factor), shape);
}

// Loops: `map` and `some` call a function for each of a million elements and take ten times as long.

function reaches(data: Float32Array, magnitude: number): boolean {
	for (let i = 0; i < data.length; i++) if (Math.abs(data[i]!) >= magnitude) return true;
	return false;
}

function multiply(target: Float32Array, source: Float32Array, factor: number): Float32Array {
	for (let i = 0; i < source.length; i++) target[i] = source[i]! * factor;
	return target;
}

function largestMagnitude(data: Float32Array): number {
	let largest = 0;
	for (let i = 0; i < data.length; i++) {
		const magnitude = Math.abs(data[i]!);
		if (magnitude > largest) largest = magnitude;
	}
	return largest;
}
