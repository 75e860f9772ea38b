import { concat, constant, cos, mul, sin } from "../operators/index.js";
import type { Tensor } from "../tensor.js";

/** Longest wavelength of a sinusoidal embedding over 2π (Vaswani et al. 2017). */
const LONGEST = 10_000;

/** Angular frequencies 1 … 1/10,000 of the first half of an embedding, geometric with both ends. */
function frequencies(width: number): Float32Array {
	const half = width / 2;
	return Float32Array.from({ length: half }, (_, i) => Math.exp((-Math.log(LONGEST) * i) / (half - 1)));
}

/**
 * Sines, then cosines of a number at frequencies from 1 down to 1/10,000, as diffusion models embed a time or a noise level (Ho et al. 2020).
 *
 * @param values [batch, 1]
 * @param width even, at least 4
 * @returns [batch, width]
 */
export function sinusoidalEmbedding(values: Tensor, width: number): Tensor {
	const angles = mul(values, constant(frequencies(width), [1, width / 2]));
	return concat([sin(angles), cos(angles)], 1);
}

/**
 * Positions 0 … count − 1 with sine and cosine of each frequency 10,000^(−2i/width) side by side (Vaswani et al. 2017, section 3.5).
 *
 * @returns [count, width], row-major
 */
export function sinusoidalPositions(count: number, width: number): Float32Array {
	return Float32Array.from({ length: count * width }, (_, k) => {
		const [position, feature] = [Math.floor(k / width), k % width];
		const angle = position / LONGEST ** ((feature - (feature % 2)) / width);
		return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
	});
}
