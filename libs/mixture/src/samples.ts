import { invalidArgument } from "@archgen/errors";

/** Rows as the caller has them: a list of rows, or one flat array [n × d] with `dimension` given beside it. */
export type Samples = Float64Array | readonly ArrayLike<number>[];

/** Samples in one block, the form that all inner loops read. */
export interface SampleBlock {
	/** [count × dimension], row by row. */
	readonly data: Float64Array;
	readonly count: number;
	readonly dimension: number;
}

/**
 * Packs and checks samples.
 *
 * @param dimension values a row; may be left out for a list of rows
 * @throws ArchgenError INVALID_SAMPLES for no rows, uneven rows or values that are not finite
 */
export function packSamples(samples: Samples, dimension?: number): SampleBlock {
	const block = samples instanceof Float64Array ? fromFlat(samples, dimension) : fromRows(samples, dimension);
	const bad = block.data.findIndex((value) => !Number.isFinite(value));
	if (bad >= 0) {
		const row = Math.floor(bad / block.dimension);
		throw invalidSamples(`samples[${row}][${bad % block.dimension}]`, "must be a finite number");
	}
	return block;
}

function fromFlat(data: Float64Array, dimension: number | undefined): SampleBlock {
	if (dimension === undefined || !Number.isSafeInteger(dimension) || dimension < 1) {
		throw invalidSamples("dimension", "must be given as a whole number of at least 1 with a flat array");
	}
	if (data.length === 0 || data.length % dimension !== 0) {
		throw invalidSamples(
			"samples",
			`must hold a positive multiple of ${dimension} values, not ${data.length}`,
		);
	}
	return { data, count: data.length / dimension, dimension };
}

function fromRows(rows: readonly ArrayLike<number>[], dimension = rows[0]?.length ?? 0): SampleBlock {
	if (rows.length === 0 || dimension === 0)
		throw invalidSamples("samples", "must have at least one row and column");
	const data = new Float64Array(rows.length * dimension);
	rows.forEach((row, i) => {
		if (row.length !== dimension) {
			throw invalidSamples(`samples[${i}]`, `must have ${dimension} values, not ${row.length}`);
		}
		data.set(row, i * dimension);
	});
	return { data, count: rows.length, dimension };
}

function invalidSamples(field: string, description: string) {
	return invalidArgument(field, description, "INVALID_SAMPLES");
}
