import { choleskyFactor } from "./covariance.js";
import type { Mixture } from "./mixture.js";

/** Points evaluated together: few enough that all buffers stay in cache, many enough to make the inner loops long. */
export const BLOCK = 128;

/** Terms this far below the largest change no digit of a float64 sum. */
const NEGLIGIBLE = -40;

/**
 * A mixture laid out for evaluation: everything that does not depend on the point is computed once, all buffers are
 * allocated once, and the innermost loops run over points, whatever the dimension.
 */
export class PackedMixture {
	readonly components: number;
	readonly dimension: number;
	/** μ, [K × d]. */
	readonly means: Float64Array;
	/** p(k | x) of the last block, [K × BLOCK]. */
	readonly shares: Float64Array;
	/** ln p(x) of the last block, [BLOCK]; finite however far x lies from every mean. */
	readonly logDensities = new Float64Array(BLOCK);
	/** Cholesky factors L, [K × d × d], with the reciprocals of the diagonal on the diagonal. */
	readonly #factors: Float64Array;
	/** ln wₖ − (d ln 2π + ln|Σₖ|) / 2, [K]. */
	readonly #offsets: Float64Array;
	/** The block's points by column, [d × BLOCK]. */
	readonly #columns: Float64Array;
	/** z with Lz = x − μ, [d × BLOCK]. */
	readonly #z: Float64Array;
	readonly #largest = new Float64Array(BLOCK);

	/** @throws ArchgenError COVARIANCE_NOT_POSITIVE_DEFINITE */
	constructor({ dimension, weights, means, covariances }: Mixture) {
		this.components = weights.length;
		this.dimension = dimension;
		this.means = Float64Array.from(means.flat());
		this.shares = new Float64Array(this.components * BLOCK);
		this.#factors = new Float64Array(this.components * dimension * dimension);
		this.#offsets = new Float64Array(this.components);
		this.#columns = new Float64Array(dimension * BLOCK);
		this.#z = new Float64Array(dimension * BLOCK);
		for (let k = 0; k < this.components; k++) {
			const logDeterminant = this.#setFactor(k, covariances[k]!);
			this.#offsets[k] = Math.log(weights[k]!) - 0.5 * (dimension * Math.log(2 * Math.PI) + logDeterminant);
		}
	}

	/** Evaluates `count` ≤ BLOCK points that stand row by row at data[start …], into `shares` and `logDensities`. */
	evaluate(data: ArrayLike<number>, start: number, count: number): void {
		this.#loadColumns(data, start, count);
		this.#largest.fill(Number.NEGATIVE_INFINITY, 0, count);
		for (let k = 0; k < this.components; k++) this.#logTerms(k, count);
		this.#normalise(count);
	}

	/** Stores the factor of Σₖ and returns ln|Σₖ|. */
	#setFactor(k: number, covariance: Mixture["covariances"][number]): number {
		const { dimension } = this;
		const factor = choleskyFactor(covariance, k);
		let logDeterminant = 0;
		for (let i = 0; i < dimension; i++) {
			const row = (k * dimension + i) * dimension;
			for (let j = 0; j < i; j++) this.#factors[row + j] = factor.get(i, j);
			this.#factors[row + i] = 1 / factor.get(i, i);
			logDeterminant += 2 * Math.log(factor.get(i, i));
		}
		return logDeterminant;
	}

	#loadColumns(data: ArrayLike<number>, start: number, count: number): void {
		const { dimension } = this;
		const columns = this.#columns;
		for (let n = 0; n < count; n++) {
			for (let i = 0; i < dimension; i++) columns[i * BLOCK + n] = data[start + n * dimension + i]!;
		}
	}

	/** shares[k] = ln(wₖ N(x; μₖ, Σₖ)) = offsetₖ − ‖z‖² / 2, for now; keeps the largest over k. */
	#logTerms(k: number, count: number): void {
		const { dimension, shares } = this;
		const largest = this.#largest;
		const terms = k * BLOCK;
		const offset = this.#offsets[k]!;
		shares.fill(0, terms, terms + count);
		for (let i = 0; i < dimension; i++) this.#addSquares(k, i, count);
		for (let n = 0; n < count; n++) {
			const term = offset - 0.5 * shares[terms + n]!;
			shares[terms + n] = term;
			if (term > largest[n]!) largest[n] = term;
		}
	}

	/** One row of the forward substitution: zᵢ = (xᵢ − μᵢ − Σ_{j<i} Lᵢⱼ zⱼ) / Lᵢᵢ, whose squares are added to shares[k]. */
	#addSquares(k: number, i: number, count: number): void {
		const { dimension, shares } = this;
		const z = this.#z;
		const columns = this.#columns;
		const row = (k * dimension + i) * dimension;
		const at = i * BLOCK;
		const mean = this.means[k * dimension + i]!;
		for (let n = 0; n < count; n++) z[at + n] = columns[at + n]! - mean;
		for (let j = 0; j < i; j++) {
			const factor = this.#factors[row + j]!;
			const other = j * BLOCK;
			for (let n = 0; n < count; n++) z[at + n] = z[at + n]! - factor * z[other + n]!;
		}
		const reciprocal = this.#factors[row + i]!;
		const terms = k * BLOCK;
		for (let n = 0; n < count; n++) {
			const value = z[at + n]! * reciprocal;
			z[at + n] = value;
			shares[terms + n] = shares[terms + n]! + value * value;
		}
	}

	/** Turns log terms into shares that sum to 1 and log-densities, relative to the largest term (log-sum-exp). */
	#normalise(count: number): void {
		const { components, shares, logDensities } = this;
		for (let n = 0; n < count; n++) {
			const largest = this.#largest[n]!;
			let sum = 0;
			for (let at = n; at < components * BLOCK; at += BLOCK) {
				const distance = shares[at]! - largest;
				const share = distance > NEGLIGIBLE ? Math.exp(distance) : 0;
				shares[at] = share;
				sum += share;
			}
			logDensities[n] = largest + Math.log(sum);
			for (let at = n; at < components * BLOCK; at += BLOCK) shares[at] = shares[at]! / sum;
		}
	}
}

const packed = new WeakMap<Mixture, PackedMixture>();

/** The packed form of a mixture, made at the first call for an object. */
export function pack(mixture: Mixture): PackedMixture {
	const known = packed.get(mixture);
	if (known) return known;
	const result = new PackedMixture(mixture);
	packed.set(mixture, result);
	return result;
}
