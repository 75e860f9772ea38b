import { createRandom } from "@archgen/random";
import { mean, standardDeviation } from "@archgen/statistics";
import { bestRow } from "../table-rows.js";

/** Mean over repeated searches, NaN where none found anything, and standard deviation. */
export interface Spread {
	readonly mean: number;
	readonly sd: number;
}

/** Accuracies of every row of a benchmark on one data set, in percent: searched by validation, reported by test. */
export interface Accuracies {
	readonly validation: readonly number[];
	readonly test: readonly number[];
}

/** What repeated searches find: of each, the architecture that is best by validation. */
export interface SearchResult {
	readonly validation: Spread;
	readonly test: Spread;
	/** Share of the searches that find the best architecture there is by validation. */
	readonly optimumFound: number;
	/** Mean of the best validation accuracy there is minus those found, in points. */
	readonly distance: number;
	/** Searches that found any architecture. */
	readonly searches: number;
}

/**
 * The result of searches by the rows that each of them asked for.
 *
 * @param searches rows of each search; one without rows found nothing and is left out
 * @param optimum row of the best architecture there is
 */
export function searchResult(
	{ validation, test }: Accuracies,
	searches: readonly (readonly number[])[],
	optimum: number,
): SearchResult {
	const found = searches.flatMap((rows) => bestRow(rows, validation) ?? []);
	const best = validation[optimum]!;
	return {
		validation: spread(found.map((row) => validation[row]!)),
		test: spread(found.map((row) => test[row]!)),
		optimumFound: found.filter((row) => validation[row] === best).length / searches.length,
		distance: best - mean(found.map((row) => validation[row]!)),
		searches: found.length,
	};
}

function spread(values: readonly number[]): Spread {
	return { mean: mean(values), sd: standardDeviation(values) };
}

/** Rows of uniform random searches with replacement. @param rows of the benchmark */
export function randomSearches(rows: number, queries: number, repeats: number): number[][] {
	const random = createRandom(0).fork("random-search");
	return Array.from({ length: repeats }, () => Array.from({ length: queries }, () => random.integer(rows)));
}
