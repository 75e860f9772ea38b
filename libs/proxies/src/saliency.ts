/** Sums of the SNIP saliencies s = |w ⊙ ∂L/∂w| of one layer, in float64. */
export interface SaliencySums {
	/** Number of weights. */
	readonly count: number;
	readonly sum: number;
	/** Standard deviation with n − 1 in the denominator; 0 for fewer than two weights. */
	readonly std: number;
	/** ‖∂L/∂w‖₂ */
	readonly gradientNorm: number;
	/** ‖w‖₂ */
	readonly weightNorm: number;
}

/** Summarises one layer. Two passes, because Σs² − (Σs)²/n loses digits when all saliencies are alike. */
export function saliencySums(weight: Float32Array, gradient: Float32Array): SaliencySums {
	const count = weight.length;
	let sum = 0;
	let gradientSquares = 0;
	let weightSquares = 0;
	for (let i = 0; i < count; i++) {
		const w = weight[i]!;
		const g = gradient[i]!;
		sum += Math.abs(w * g);
		gradientSquares += g * g;
		weightSquares += w * w;
	}
	const mean = sum / count;
	let squares = 0;
	for (let i = 0; i < count; i++) squares += (Math.abs(weight[i]! * gradient[i]!) - mean) ** 2;
	return {
		count,
		sum,
		std: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
		gradientNorm: Math.sqrt(gradientSquares),
		weightNorm: Math.sqrt(weightSquares),
	};
}

/** The sums that gradients multiplied by a factor would have had. */
export function scaledSums(sums: SaliencySums, factor: number): SaliencySums {
	if (factor === 1) return sums;
	const { sum, std, gradientNorm } = sums;
	return { ...sums, sum: sum * factor, std: std * factor, gradientNorm: gradientNorm * factor };
}

/** mean(s) / std(s), the layer's signal-to-noise ratio; 0 where there is no spread. */
export function signalToNoise({ count, sum, std }: SaliencySums): number {
	return std > 0 ? sum / count / std : 0;
}

/** ln(1 + sum(s) / std(s)), the saliency factor of T-CET; 0 where there is no spread. */
export function compressibility({ sum, std }: SaliencySums): number {
	return std > 0 ? Math.log(1 + sum / std) : 0;
}
