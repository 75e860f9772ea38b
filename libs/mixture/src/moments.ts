import { Matrix } from "ml-matrix";
import { BLOCK, TILE } from "./packed-mixture.js";

/**
 * Weighted moments of samples under K components. Deviations are taken from a reference point per component that lies near
 * its mean, because sums of raw squares would lose the digits of a narrow component far from the origin.
 */
export class Moments {
	/** Σ r, [K]. */
	readonly masses: Float64Array;
	readonly #dimension: number;
	readonly #references: Float64Array;
	/** Σ r y yᵀ of y = (1, x − reference), lower triangle, [K × (d + 1) × stride]: mass, first and second moments at once. */
	readonly #products: Float64Array;
	/** d + 1 rounded up to whole tiles. */
	readonly #stride: number;
	/** Of a block's points with a share: r, [BLOCK], and y by column, [stride × BLOCK]. */
	readonly #shares = new Float64Array(BLOCK);
	readonly #columns: Float64Array;

	/** @param references [K × d] */
	constructor(references: Float64Array, dimension: number) {
		this.#dimension = dimension;
		this.#references = references;
		this.masses = new Float64Array(references.length / dimension);
		this.#stride = Math.ceil((dimension + 1) / TILE) * TILE;
		this.#products = new Float64Array(this.masses.length * (dimension + 1) * this.#stride);
		this.#columns = new Float64Array(this.#stride * BLOCK).fill(1, 0, BLOCK);
	}

	/** Adds up to BLOCK points, row by row at data[start …], to component k; their shares stand at shares[at …]. */
	add(k: number, data: Float64Array, start: number, count: number, shares: Float64Array, at: number): void {
		const points = this.#gather(k, data, start, count, shares, at);
		if (points === 0) return;
		for (let i = 0; i <= this.#dimension; i++) {
			for (let j = 0; j <= i; j += TILE) this.#addTile(k, i, j, points);
		}
		this.masses[k] = this.#products[this.#at(k, 0, 0)]!;
	}

	/** Collects the points that have a share at all, usually few, and returns how many they are. */
	#gather(
		k: number,
		data: Float64Array,
		start: number,
		count: number,
		shares: Float64Array,
		at: number,
	): number {
		const dimension = this.#dimension;
		const references = this.#references;
		const columns = this.#columns;
		let points = 0;
		for (let n = 0; n < count; n++) {
			const share = shares[at + n]!;
			if (share === 0) continue;
			for (let i = 0; i < dimension; i++) {
				columns[(i + 1) * BLOCK + points] = data[start + n * dimension + i]! - references[k * dimension + i]!;
			}
			this.#shares[points++] = share;
		}
		return points;
	}

	/** Adds Σ r·yᵢ·yⱼ for the columns j … j + 3 over the gathered points. */
	#addTile(k: number, i: number, j: number, points: number): void {
		const shares = this.#shares;
		const columns = this.#columns;
		const row = i * BLOCK;
		const c0 = j * BLOCK;
		const c1 = c0 + BLOCK;
		const c2 = c1 + BLOCK;
		const c3 = c2 + BLOCK;
		let [s0, s1, s2, s3] = [0, 0, 0, 0];
		for (let n = 0; n < points; n++) {
			const weighted = shares[n]! * columns[row + n]!;
			s0 += weighted * columns[c0 + n]!;
			s1 += weighted * columns[c1 + n]!;
			s2 += weighted * columns[c2 + n]!;
			s3 += weighted * columns[c3 + n]!;
		}
		const products = this.#products;
		const at = this.#at(k, i, j);
		products[at] = products[at]! + s0;
		products[at + 1] = products[at + 1]! + s1;
		products[at + 2] = products[at + 2]! + s2;
		products[at + 3] = products[at + 3]! + s3;
	}

	/** Where Σ r yᵢ yⱼ of component k stands. */
	#at(k: number, i: number, j: number): number {
		return (k * (this.#dimension + 1) + i) * this.#stride + j;
	}

	/** Mean of component k, or its reference where it has no mass. */
	mean(k: number): number[] {
		return Array.from(
			{ length: this.#dimension },
			(_, i) => this.#references[k * this.#dimension + i]! + this.#shift(k, i),
		);
	}

	/** Covariance of component k (maximum likelihood, divided by the mass), which must have mass. */
	covariance(k: number): Matrix {
		const dimension = this.#dimension;
		const result = new Matrix(dimension, dimension);
		for (let i = 0; i < dimension; i++) {
			for (let j = 0; j <= i; j++) {
				const square = this.#products[this.#at(k, i + 1, j + 1)]! / this.masses[k]!;
				const value = square - this.#shift(k, i) * this.#shift(k, j);
				result.set(i, j, value);
				result.set(j, i, value);
			}
		}
		return result;
	}

	#shift(k: number, i: number): number {
		const mass = this.masses[k]!;
		return mass > 0 ? this.#products[this.#at(k, i + 1, 0)]! / mass : 0;
	}
}
