import { invalidArgument } from "@archgen/errors";
import { mean, standardDeviation } from "@archgen/statistics";
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Belief } from "./acquisition.js";

/** How far apart two points are; exp(−γ distance) must be positive definite for every γ > 0, as it is for Hamming and squared Euclidean distances. */
export type Distance<P> = (a: P, b: P) => number;

/** Settings of the kernel exp(−γ distance) and of the noise. */
export interface KernelSettings {
	/** γ: how fast points become independent. */
	readonly decay: number;
	/** Variance of the noise, in parts of the variance of the values. */
	readonly noise: number;
}

/** Observations of a function at points. */
export interface Observations<P> {
	readonly points: readonly P[];
	readonly values: readonly number[];
}

/** Settings that {@link fitGaussianProcess} chooses among. */
const SETTINGS: readonly KernelSettings[] = [0.05, 0.1, 0.2, 0.4, 0.8].flatMap((decay) =>
	[1e-3, 1e-2, 1e-1].map((noise) => ({ decay, noise })),
);

/**
 * A Gaussian process with the kernel k = exp(−γ distance), conditioned on standardised values (Rasmussen & Williams 2006, algorithm 2.1):
 *
 *     mean(x) = k(x, X) α with α = (K + noise I)⁻¹ y,   variance(x) = k(x, x) − k(x, X) (K + noise I)⁻¹ k(X, x)
 */
export class GaussianProcess<P> {
	/** Values are mean + sd times the standardised ones. */
	readonly scale: Belief;
	/** α: the kernels of the observations, so weighted, add up to the standardised mean. */
	readonly weights: readonly number[];
	/** Of the standardised values: −½ yᵀα − Σ ln L_ii − n/2 ln 2π. */
	readonly logMarginalLikelihood: number;
	/** L of K + noise I = L Lᵀ. */
	readonly #lower: Matrix;

	/**
	 * @param apart distances of the observed points, computed unless given
	 * @throws ArchgenError INVALID_ARGUMENT without observations, for values that are not finite, or where K + noise I is not positive definite
	 */
	constructor(
		readonly observed: Observations<P>,
		private readonly distance: Distance<P>,
		readonly settings: KernelSettings,
		apart: readonly (readonly number[])[] = distances(observed.points, distance),
	) {
		const { values } = observed;
		if (values.length === 0 || values.length !== apart.length || !values.every(Number.isFinite))
			throw invalidArgument("values", "must be finite, one for each of at least one point");
		this.scale = { mean: mean(values), sd: standardDeviation(values) || 1 };
		const targets = values.map((value) => (value - this.scale.mean) / this.scale.sd);
		const cholesky = new CholeskyDecomposition(kernelMatrix(apart, settings));
		if (!cholesky.isPositiveDefinite())
			throw invalidArgument("noise", "is too small for points as near as these");
		this.weights = cholesky.solve(Matrix.columnVector(targets)).to1DArray();
		this.#lower = cholesky.lowerTriangularMatrix;
		const fit = targets.reduce((sum, y, i) => sum + y * this.weights[i]!, 0);
		const logDeterminant = 2 * this.#lower.diagonal().reduce((sum, v) => sum + Math.log(v), 0);
		this.logMarginalLikelihood = -(fit + logDeterminant + targets.length * Math.log(2 * Math.PI)) / 2;
	}

	/** Mean and standard deviation of the function, without noise, at a point. */
	at(point: P): Belief {
		const { decay } = this.settings;
		const kernels = this.observed.points.map((other) => Math.exp(-decay * this.distance(point, other)));
		const standardised = kernels.reduce((sum, k, i) => sum + k * this.weights[i]!, 0);
		const half = forwardSubstitution(this.#lower, kernels);
		const variance = 1 - half.reduce((sum, v) => sum + v * v, 0);
		const { mean: centre, sd } = this.scale;
		return { mean: centre + sd * standardised, sd: sd * Math.sqrt(Math.max(variance, 0)) };
	}
}

/** The process whose settings have the largest marginal likelihood. @throws ArchgenError as {@link GaussianProcess} */
export function fitGaussianProcess<P>(
	observed: Observations<P>,
	distance: Distance<P>,
	grid: readonly KernelSettings[] = SETTINGS,
): GaussianProcess<P> {
	const apart = distances(observed.points, distance);
	return grid
		.map((settings) => new GaussianProcess(observed, distance, settings, apart))
		.reduce((best, next) => (next.logMarginalLikelihood > best.logMarginalLikelihood ? next : best));
}

function distances<P>(points: readonly P[], distance: Distance<P>): number[][] {
	const rows: number[][] = points.map(() => []);
	points.forEach((a, i) => {
		for (let j = 0; j <= i; j++) {
			rows[i]![j] = i === j ? 0 : distance(a, points[j]!);
			rows[j]![i] = rows[i]![j]!;
		}
	});
	return rows;
}

function kernelMatrix(apart: readonly (readonly number[])[], { decay, noise }: KernelSettings): Matrix {
	const kernel = new Matrix(apart.map((row) => row.map((d) => Math.exp(-decay * d))));
	return kernel.add(Matrix.eye(apart.length).mul(noise));
}

/** v of L v = b. */
function forwardSubstitution(lower: Matrix, b: readonly number[]): number[] {
	const v: number[] = [];
	for (let i = 0; i < b.length; i++) {
		let rest = b[i]!;
		for (let j = 0; j < i; j++) rest -= lower.get(i, j) * v[j]!;
		v.push(rest / lower.get(i, i));
	}
	return v;
}
