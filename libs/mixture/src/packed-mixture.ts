import { Matrix, solve } from "ml-matrix";
import { choleskyFactor } from "./covariance.js";
import type { Mixture } from "./mixture.js";

/** Points evaluated together: few enough that all buffers stay in cache, many enough to make the inner loops long. */
export const BLOCK = 128;

/** Columns that an inner loop takes at once: sums that do not wait for each other, and fewer passes over a block. */
export const TILE = 4;

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
	/** L⁻¹ of the Cholesky factors, so that z = L⁻¹(x − μ), [K × stride × stride]; rows and columns from d on are 0. */
	readonly #whitenings: Float64Array;
	/** d rounded up to whole tiles. */
	readonly #stride: number;
	/** ln wₖ − (d ln 2π + ln|Σₖ|) / 2, [K]. */
	readonly #offsets: Float64Array;
	/** The block's points by column, [d × BLOCK]. */
	readonly #columns: Float64Array;
	/** x − μ by column, [stride × BLOCK]; columns from d on are 0. */
	readonly #deviations: Float64Array;
	/** Rows of z of one tile, [TILE × BLOCK]. */
	readonly #z = new Float64Array(TILE * BLOCK);
	/** Largest term of each point, and the sum of the terms relative to it, [BLOCK]. */
	readonly #largest = new Float64Array(BLOCK);
	readonly #sums = new Float64Array(BLOCK);

	/** @throws ArchgenError COVARIANCE_NOT_POSITIVE_DEFINITE */
	constructor({ dimension, weights, means, covariances }: Mixture) {
		this.components = weights.length;
		this.dimension = dimension;
		this.means = Float64Array.from(means.flat());
		this.shares = new Float64Array(this.components * BLOCK);
		this.#stride = Math.ceil(dimension / TILE) * TILE;
		this.#whitenings = new Float64Array(this.components * this.#stride * this.#stride);
		this.#offsets = new Float64Array(this.components);
		this.#columns = new Float64Array(dimension * BLOCK);
		this.#deviations = new Float64Array(this.#stride * BLOCK);
		for (let k = 0; k < this.components; k++) {
			const logDeterminant = this.#setWhitening(k, covariances[k]!);
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

	/** Stores the inverse factor of Σₖ and returns ln|Σₖ|. */
	#setWhitening(k: number, covariance: Mixture["covariances"][number]): number {
		const { dimension } = this;
		const factor = choleskyFactor(covariance, k);
		const whitening = solve(factor, Matrix.eye(dimension));
		let logDeterminant = 0;
		for (let i = 0; i < dimension; i++) {
			const row = (k * this.#stride + i) * this.#stride;
			for (let j = 0; j <= i; j++) this.#whitenings[row + j] = whitening.get(i, j);
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
		const { shares } = this;
		const largest = this.#largest;
		const terms = k * BLOCK;
		const offset = this.#offsets[k]!;
		shares.fill(0, terms, terms + count);
		this.#loadDeviations(k, count);
		for (let i = 0; i < this.#stride; i += TILE) this.#addSquares(k, i, count);
		for (let n = 0; n < count; n++) {
			const term = offset - 0.5 * shares[terms + n]!;
			shares[terms + n] = term;
			if (term > largest[n]!) largest[n] = term;
		}
	}

	#loadDeviations(k: number, count: number): void {
		const { dimension } = this;
		const columns = this.#columns;
		const deviations = this.#deviations;
		for (let i = 0; i < dimension; i++) {
			const at = i * BLOCK;
			const mean = this.means[k * dimension + i]!;
			for (let n = 0; n < count; n++) deviations[at + n] = columns[at + n]! - mean;
		}
	}

	/**
	 * Adds the squares of zᵢ … zᵢ₊₃, zᵢ = Σ_{j≤i} (L⁻¹)ᵢⱼ (xⱼ − μⱼ), to shares[k]. All that up to four dimensions need is the tile on the
	 * diagonal.
	 */
	#addSquares(k: number, i: number, count: number): void {
		this.#z.fill(0);
		for (let j = 0; j < i; j += TILE) {
			for (let row = 0; row < TILE; row++)
				this.#addTile((k * this.#stride + i + row) * this.#stride + j, row, j, count);
		}
		this.#addDiagonalTile(k, i, count);
	}

	/** Adds the terms of columns j … j + 3, whose factors begin at `at`, to a row of z. */
	#addTile(at: number, row: number, j: number, count: number): void {
		const [z, deviations, factors] = [this.#z, this.#deviations, this.#whitenings];
		for (let column = 0; column < TILE; column++) {
			const factor = factors[at + column]!;
			const from = (j + column) * BLOCK;
			const to = row * BLOCK;
			for (let n = 0; n < count; n++) z[to + n] = z[to + n]! + factor * deviations[from + n]!;
		}
	}

	/** Completes four rows of z by the columns i … i + 3, of which row r has r + 1, and adds their squares. */
	#addDiagonalTile(k: number, i: number, count: number): void {
		const [z, shares, deviations] = [this.#z, this.shares, this.#deviations];
		const factor = (row: number, column: number) =>
			this.#whitenings[(k * this.#stride + i + row) * this.#stride + i + column]!;
		const f00 = factor(0, 0);
		const [f10, f11] = [factor(1, 0), factor(1, 1)];
		const [f20, f21, f22] = [factor(2, 0), factor(2, 1), factor(2, 2)];
		const [f30, f31, f32, f33] = [factor(3, 0), factor(3, 1), factor(3, 2), factor(3, 3)];
		const at = i * BLOCK;
		const terms = k * BLOCK;
		for (let n = 0; n < count; n++) {
			const x0 = deviations[at + n]!;
			const x1 = deviations[at + BLOCK + n]!;
			const x2 = deviations[at + 2 * BLOCK + n]!;
			const x3 = deviations[at + 3 * BLOCK + n]!;
			const z0 = z[n]! + f00 * x0;
			const z1 = z[BLOCK + n]! + f10 * x0 + f11 * x1;
			const z2 = z[2 * BLOCK + n]! + f20 * x0 + f21 * x1 + f22 * x2;
			const z3 = z[3 * BLOCK + n]! + f30 * x0 + f31 * x1 + f32 * x2 + f33 * x3;
			shares[terms + n] = shares[terms + n]! + z0 * z0 + z1 * z1 + z2 * z2 + z3 * z3;
		}
	}

	/** Turns log terms into shares that sum to 1 and log-densities, relative to the largest term (log-sum-exp). */
	#normalise(count: number): void {
		const { components, shares, logDensities } = this;
		const largest = this.#largest;
		const sums = this.#sums.fill(0, 0, count);
		for (let k = 0; k < components; k++) {
			const at = k * BLOCK;
			for (let n = 0; n < count; n++) {
				const distance = shares[at + n]! - largest[n]!;
				const share = distance > NEGLIGIBLE ? Math.exp(distance) : 0;
				shares[at + n] = share;
				sums[n] = sums[n]! + share;
			}
		}
		for (let n = 0; n < count; n++) logDensities[n] = largest[n]! + Math.log(sums[n]!);
		for (let k = 0; k < components; k++) {
			const at = k * BLOCK;
			for (let n = 0; n < count; n++) shares[at + n] = shares[at + n]! / sums[n]!;
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
