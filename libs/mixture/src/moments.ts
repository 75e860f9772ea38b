import { Matrix } from "ml-matrix";
import { BLOCK } from "./packed-mixture.js";

/**
 * Weighted moments of samples under K components. Deviations are taken from a reference point per component that lies near
 * its mean, because sums of raw squares would lose the digits of a narrow component far from the origin.
 */
export class Moments {
	/** Σ r, [K]. */
	readonly masses: Float64Array;
	readonly #dimension: number;
	readonly #references: Float64Array;
	/** Σ r (x − reference), [K × d]. */
	readonly #first: Float64Array;
	/** Σ r (x − reference)(x − reference)ᵀ, lower triangle, [K × d × d]. */
	readonly #second: Float64Array;
	/** Of a block's points with a share: r, [BLOCK]; x − reference by column, [d × BLOCK]; r times one column, [BLOCK]. */
	readonly #shares = new Float64Array(BLOCK);
	readonly #deviations: Float64Array;
	readonly #weighted = new Float64Array(BLOCK);

	/** @param references [K × d] */
	constructor(references: Float64Array, dimension: number) {
		this.#dimension = dimension;
		this.#references = references;
		this.masses = new Float64Array(references.length / dimension);
		this.#first = new Float64Array(references.length);
		this.#second = new Float64Array(references.length * dimension);
		this.#deviations = new Float64Array(dimension * BLOCK);
	}

	/** Adds up to BLOCK points, row by row at data[start …], to component k; their shares stand at shares[at …]. */
	add(k: number, data: Float64Array, start: number, count: number, shares: Float64Array, at: number): void {
		const points = this.#gather(k, data, start, count, shares, at);
		if (points === 0) return;
		this.masses[k] = this.masses[k]! + total(this.#shares, points);
		for (let i = 0; i < this.#dimension; i++) this.#addProducts(k, i, points);
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
		const deviations = this.#deviations;
		let points = 0;
		for (let n = 0; n < count; n++) {
			const share = shares[at + n]!;
			if (share === 0) continue;
			for (let i = 0; i < dimension; i++) {
				deviations[i * BLOCK + points] = data[start + n * dimension + i]! - references[k * dimension + i]!;
			}
			this.#shares[points++] = share;
		}
		return points;
	}

	/** Adds Σ r·devᵢ, and Σ r·devᵢ·devⱼ for j ≤ i, over the gathered points. */
	#addProducts(k: number, i: number, points: number): void {
		const shares = this.#shares;
		const deviations = this.#deviations;
		const weighted = this.#weighted;
		for (let n = 0; n < points; n++) weighted[n] = shares[n]! * deviations[i * BLOCK + n]!;
		const row = k * this.#dimension + i;
		this.#first[row] = this.#first[row]! + total(weighted, points);
		for (let j = 0; j <= i; j++) {
			let sum = 0;
			for (let n = 0; n < points; n++) sum += weighted[n]! * deviations[j * BLOCK + n]!;
			const cell = row * this.#dimension + j;
			this.#second[cell] = this.#second[cell]! + sum;
		}
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
				const square = this.#second[(k * dimension + i) * dimension + j]! / this.masses[k]!;
				const value = square - this.#shift(k, i) * this.#shift(k, j);
				result.set(i, j, value);
				result.set(j, i, value);
			}
		}
		return result;
	}

	#shift(k: number, i: number): number {
		const mass = this.masses[k]!;
		return mass > 0 ? this.#first[k * this.#dimension + i]! / mass : 0;
	}
}

function total(values: Float64Array, count: number): number {
	let sum = 0;
	for (let n = 0; n < count; n++) sum += values[n]!;
	return sum;
}
