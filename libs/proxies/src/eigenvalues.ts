/** Most implicit QL steps for one eigenvalue; two are usual. */
const MOST_STEPS = 60;
/** Sums of squares below this count as zero beside a largest element of 1: they would underflow. */
const NEGLIGIBLE = 1e-200;

/**
 * Eigenvalues of a symmetric matrix in no particular order, without eigenvectors: Householder reduction to tridiagonal form, then
 * implicit QL steps with Wilkinson's shift (Golub & Van Loan, chapter 8). About 4/3 n³ operations.
 *
 * @param matrix n×n, row-major; overwritten
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
	const scale = matrix.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
	if (scale === 0) return new Float64Array(n);
	for (let i = 0; i < matrix.length; i++) matrix[i] = matrix[i]! / scale;
	return tridiagonalEigenvalues(matrix, n).map((value) => value * scale);
}

function tridiagonalEigenvalues(matrix: Float64Array, n: number): Float64Array {
	const diagonal = new Float64Array(n);
	const beside = new Float64Array(n); // beside[i] couples i and i + 1
	for (let k = 0; k < n - 2; k++) beside[k] = reflect(matrix, n, k);
	for (let i = 0; i < n; i++) diagonal[i] = matrix[i * n + i]!;
	if (n > 1) beside[n - 2] = matrix[(n - 1) * n + n - 2]!;
	for (let first = 0; first < n; first++) isolate(diagonal, beside, first);
	return diagonal;
}

/**
 * Reflects rows and columns k + 1 … n − 1 so that column k has a single element below the diagonal: A ← H A H with
 * H = 1 − 2 v vᵀ. Only the lower triangle is kept up.
 *
 * @returns that element
 */
function reflect(matrix: Float64Array, n: number, k: number): number {
	const v = new Float64Array(n);
	let square = 0;
	for (let i = k + 1; i < n; i++) {
		v[i] = matrix[i * n + k]!;
		square += v[i]! * v[i]!;
	}
	if (square < NEGLIGIBLE) return 0;
	const length = Math.sqrt(square);
	const element = v[k + 1]! > 0 ? -length : length;
	const norm = Math.sqrt(2 * (square - element * v[k + 1]!));
	v[k + 1] = v[k + 1]! - element;
	for (let i = k + 1; i < n; i++) v[i] = v[i]! / norm;
	const w = lowerTimes(matrix, n, k + 1, v);
	let along = 0;
	for (let i = k + 1; i < n; i++) along += v[i]! * w[i]!;
	for (let i = k + 1; i < n; i++) w[i] = 2 * (w[i]! - along * v[i]!);
	for (let i = k + 1; i < n; i++) {
		const [vi, wi] = [v[i]!, w[i]!];
		for (let j = k + 1, at = i * n + k + 1; j <= i; j++, at++) matrix[at]! -= vi * w[j]! + wi * v[j]!;
	}
	return element;
}

/** A v of the symmetric matrix whose lower triangle from row `first` is given. */
function lowerTimes(matrix: Float64Array, n: number, first: number, v: Float64Array): Float64Array {
	const product = new Float64Array(n);
	for (let i = first; i < n; i++) {
		const vi = v[i]!;
		let sum = 0;
		for (let j = first, at = i * n + first; j < i; j++, at++) {
			sum += matrix[at]! * v[j]!;
			product[j]! += matrix[at]! * vi;
		}
		product[i]! += sum + matrix[i * n + i]! * vi;
	}
	return product;
}

/** QL steps until `diagonal[first]` is an eigenvalue of the tridiagonal matrix from `first` on. */
function isolate(diagonal: Float64Array, beside: Float64Array, first: number): void {
	for (let step = 0; step < MOST_STEPS; step++) {
		const last = coupledFrom(diagonal, beside, first);
		if (last === first) return;
		qlStep(diagonal, beside, first, last);
	}
}

/** The last index that is still coupled with `first`. */
function coupledFrom(diagonal: Float64Array, beside: Float64Array, first: number): number {
	let last = first;
	while (last < diagonal.length - 1) {
		const size = Math.abs(diagonal[last]!) + Math.abs(diagonal[last + 1]!);
		if (Math.abs(beside[last]!) <= Number.EPSILON * size) break;
		last++;
	}
	return last;
}

/** One implicit step of rotations from `last` down to `first`. */
function qlStep(diagonal: Float64Array, beside: Float64Array, first: number, last: number): void {
	const half = (diagonal[first + 1]! - diagonal[first]!) / (2 * beside[first]!);
	const root = Math.hypot(half, 1);
	let g = diagonal[last]! - diagonal[first]! + beside[first]! / (half + (half >= 0 ? root : -root));
	let [sine, cosine, shift] = [1, 1, 0];
	for (let i = last - 1; i >= first; i--) {
		const f = sine * beside[i]!;
		const b = cosine * beside[i]!;
		const r = Math.hypot(f, g);
		beside[i + 1] = r;
		if (r === 0) {
			diagonal[i + 1]! -= shift;
			beside[last] = 0;
			return;
		}
		sine = f / r;
		cosine = g / r;
		g = diagonal[i + 1]! - shift;
		const turned = (diagonal[i]! - g) * sine + 2 * cosine * b;
		shift = sine * turned;
		diagonal[i + 1] = g + shift;
		g = cosine * turned - b;
	}
	diagonal[first]! -= shift;
	beside[first] = g;
	beside[last] = 0;
}
