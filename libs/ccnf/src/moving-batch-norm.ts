/** What a MovingBatchNorm layer is once training has ended: the affine map x → (x − mean) / std of each dimension. */
export interface Normalization {
	readonly mean: readonly number[]; // [D]
	readonly std: readonly number[]; // [D], positive
}

/** Smallest standard deviation: a latent dimension that never moves would otherwise be blown up without limit. */
const STD_FLOOR = 1e-4;

/** The map that changes nothing. */
export function identityNormalization(dimension: number): Normalization {
	return { mean: new Array<number>(dimension).fill(0), std: new Array<number>(dimension).fill(1) };
}

/** Mean and standard deviation of each column of `rows` (flat [n, D]), in float64. */
export function normalizationOf(rows: Float32Array, dimension: number): Normalization {
	const count = rows.length / dimension;
	const mean = new Array<number>(dimension).fill(0);
	const squares = new Array<number>(dimension).fill(0);
	for (let i = 0; i < rows.length; i++) mean[i % dimension]! += rows[i]! / count;
	for (let i = 0; i < rows.length; i++)
		squares[i % dimension]! += (rows[i]! - mean[i % dimension]!) ** 2 / count;
	return { mean, std: squares.map((variance) => Math.max(Math.sqrt(variance), STD_FLOOR)) };
}

/** One moving-average update towards the statistics of a batch; `decay` is the weight of the new batch. */
export function movedTowards(current: Normalization, batch: Normalization, decay: number): Normalization {
	const blend = (a: readonly number[], b: readonly number[]) =>
		a.map((value, i) => (1 - decay) * value + decay * b[i]!);
	const variance = blend(
		current.std.map((std) => std ** 2),
		batch.std.map((std) => std ** 2),
	);
	return { mean: blend(current.mean, batch.mean), std: variance.map(Math.sqrt) };
}

/** (x − mean) / std for flat rows [n, D]; a new array. */
export function normalize({ mean, std }: Normalization, rows: Float32Array): Float32Array {
	const dimension = mean.length;
	return rows.map((value, i) => (value - mean[i % dimension]!) / std[i % dimension]!);
}

/** mean + std · y for flat rows [n, D]; a new array. Inverse of `normalize`. */
export function denormalize({ mean, std }: Normalization, rows: Float32Array): Float32Array {
	const dimension = mean.length;
	return rows.map((value, i) => mean[i % dimension]! + std[i % dimension]! * value);
}

/** ln |det ∂normalize/∂x| = −Σ ln std, the same for every row. */
export function logDeterminant({ std }: Normalization): number {
	return -std.reduce((sum, value) => sum + Math.log(value), 0);
}
