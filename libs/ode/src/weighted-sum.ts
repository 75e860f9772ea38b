import type { State } from "./options.js";

/** States are combined block by block in float64, small enough to stay in the first-level cache. */
const BLOCK = 1024;

/** Linear combinations of equally long arrays without allocation, summed in float64 whatever the storage. */
export class WeightedSum {
	readonly #sum = new Float64Array(BLOCK);

	/** target = base + h Σ coefficientⱼ · termⱼ; returns nothing, target may be base. */
	combine(
		target: State,
		base: State,
		h: number,
		coefficients: readonly number[],
		terms: readonly State[],
	): void {
		const sum = this.#sum;
		for (let start = 0; start < base.length; start += BLOCK) {
			const count = this.#block(start, base.length, coefficients, terms);
			for (let i = 0; i < count; i++) target[start + i] = base[start + i]! + h * sum[i]!;
		}
	}

	/**
	 * Root mean square over all components of h Σ coefficientⱼ termⱼ / (atol + rtol · max(|a|, |b|)),
	 * the error measure of Hairer, Nørsett and Wanner I (4.11) and of torchdiffeq.
	 */
	scaledNorm(
		h: number,
		coefficients: readonly number[],
		terms: readonly State[],
		scale: { readonly a: State; readonly b: State; readonly atol: number; readonly rtol: number },
	): number {
		const { a, b, atol, rtol } = scale;
		const sum = this.#sum;
		let squares = 0;
		for (let start = 0; start < a.length; start += BLOCK) {
			const count = this.#block(start, a.length, coefficients, terms);
			for (let i = 0; i < count; i++) {
				const size = Math.max(Math.abs(a[start + i]!), Math.abs(b[start + i]!));
				const ratio = (h * sum[i]!) / (atol + rtol * size);
				squares += ratio * ratio;
			}
		}
		return Math.sqrt(squares / a.length);
	}

	/** Fills #sum with Σ coefficientⱼ termⱼ[start …] and returns how many components the block has. */
	#block(start: number, length: number, coefficients: readonly number[], terms: readonly State[]): number {
		const sum = this.#sum;
		const count = Math.min(BLOCK, length - start);
		sum.fill(0, 0, count);
		for (let j = 0; j < coefficients.length; j++) {
			const coefficient = coefficients[j]!;
			if (coefficient === 0) continue;
			const term = terms[j]!;
			for (let i = 0; i < count; i++) sum[i] = sum[i]! + coefficient * term[start + i]!;
		}
		return count;
	}
}
