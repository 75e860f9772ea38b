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

/** Scales a tensor up to about 1 when its largest element is small; otherwise returns it as it is. */
export function rescale({ value, exponent }: Scaled): Scaled {
	const data = value.data as Float32Array;
	const largest = largestMagnitude(data);
	if (largest >= SMALL || largest === 0) return { value, exponent };
	const shift = -Math.floor(Math.log2(largest));
	return { value: multiplied(value, 2 ** shift), exponent: exponent + shift };
}

/** The tensor at its true size, where very small elements become zero. */
export function trueSize(scaled: Scaled): Scaled {
	return scaled.exponent === 0
		? scaled
		: { value: multiplied(scaled.value, 2 ** -scaled.exponent), exponent: 0 };
}

function multiplied(value: TensorValue, factor: number): TensorValue {
	return f32(
		(value.data as Float32Array).map((x) => x * factor),
		value.shape,
	);
}

function largestMagnitude(data: Float32Array): number {
	let largest = 0;
	for (let i = 0; i < data.length; i++) {
		const magnitude = Math.abs(data[i]!);
		if (magnitude > largest) largest = magnitude;
	}
	return largest;
}

/** Brings a tensor to a size of about 1, from above as from below; a tensor of zeros stays as it is. */
export function balance({ value, exponent }: Scaled): Scaled {
	const largest = largestMagnitude(value.data as Float32Array);
	if (largest === 0) return { value, exponent };
	const shift = -Math.floor(Math.log2(largest));
	return { value: multiplied(value, 2 ** shift), exponent: exponent + shift };
}
