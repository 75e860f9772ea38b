import { invalidArgument } from "@archgen/errors";
import { mean as meanOf } from "@archgen/statistics";

/** Column-wise standardisation, (s(x) − mean) / std with s = ln where `log` says so; invertible. */
export interface Standardizer {
	/** Which columns are taken on a log scale (natural logarithm), [d]. */
	readonly log: readonly boolean[];
	/** Mean of each column on its scale, [d]. */
	readonly mean: readonly number[];
	/** Standard deviation (divided by n) of each column on its scale, 1 for a constant column, [d]. */
	readonly std: readonly number[];
}

/** A column whose spread is below this share of its size is constant but for rounding. */
const CONSTANT = 1e-12;

/**
 * Estimates a standardizer.
 *
 * @param rows [n, d]
 * @throws ArchgenError INVALID_SAMPLES for no rows, rows of another length or values that are not finite; NOT_POSITIVE for a value ≤ 0
 *   in a column on a log scale
 */
export function fitStandardizer(
	rows: readonly ArrayLike<number>[],
	{ log }: { readonly log: readonly boolean[] },
): Standardizer {
	if (rows.length === 0) throw invalidArgument("rows", "must not be empty", "INVALID_SAMPLES");
	const scaled = rows.map((row, i) => toScale(log, row, `rows[${i}]`));
	const mean = log.map((_, j) => meanOf(scaled.map((row) => row[j]!)));
	const std = log.map((_, j) => {
		const deviation = Math.sqrt(meanOf(scaled.map((row) => (row[j]! - mean[j]!) ** 2)));
		return deviation > CONSTANT * Math.abs(mean[j]!) ? deviation : 1;
	});
	return { log: [...log], mean, std };
}

/** Standard scores of a row, [d]. */
export function standardize({ log, mean, std }: Standardizer, row: ArrayLike<number>): number[] {
	return toScale(log, row, "row").map((value, j) => (value - mean[j]!) / std[j]!);
}

/** The row that has these standard scores, [d]. */
export function destandardize({ log, mean, std }: Standardizer, scores: ArrayLike<number>): number[] {
	requireLength(scores, log.length, "scores");
	return Array.from(scores, (score, j) => {
		const value = mean[j]! + std[j]! * score;
		return log[j] ? Math.exp(value) : value;
	});
}

function toScale(log: readonly boolean[], row: ArrayLike<number>, field: string): number[] {
	requireLength(row, log.length, field);
	return Array.from(row, (value, j) => {
		if (!Number.isFinite(value))
			throw invalidArgument(`${field}[${j}]`, "must be a finite number", "INVALID_SAMPLES");
		if (!log[j]) return value;
		if (value <= 0) {
			throw invalidArgument(
				`${field}[${j}]`,
				"must be greater than 0, its column is on a log scale",
				"NOT_POSITIVE",
			);
		}
		return Math.log(value);
	});
}

function requireLength(row: ArrayLike<number>, length: number, field: string): void {
	if (row.length !== length) {
		throw invalidArgument(field, `must have ${length} values, not ${row.length}`, "INVALID_SAMPLES");
	}
}
