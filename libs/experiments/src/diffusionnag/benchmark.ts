import { createRandom } from "@archgen/random";
import type { PropertyTable } from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import { bestRow, rowFinder } from "../table-rows.js";

/** Accuracies of a set of architectures, in percent. */
export interface AccuracySummary {
	readonly max: number;
	readonly mean: number;
	readonly min: number;
	/** Of the architecture that is best by validation. */
	readonly bestByValidation: number;
	/** Architectures that are summarised, repeats included. */
	readonly architectures: number;
}

/** Validation and test accuracy of every architecture of a benchmark on one data set. */
export class Benchmark<A> {
	readonly #rowOf: (architecture: A | undefined) => number | undefined;
	readonly #validation: readonly number[];
	readonly #test: readonly number[];

	/**
	 * @param validation its column of validation accuracies, by which is searched
	 * @param test its column of test accuracies, which are reported
	 */
	constructor(
		space: SearchSpace<A>,
		private readonly table: PropertyTable<A>,
		validation: string,
		test: string,
	) {
		this.#rowOf = rowFinder(space, table);
		this.#validation = table.columns[validation]!;
		this.#test = table.columns[test]!;
	}

	/** Of the architectures that the table has; NaN where it has none of them. */
	summary(architectures: readonly (A | undefined)[]): AccuracySummary {
		const found = architectures.flatMap((each) => this.#rowOf(each) ?? []);
		const tests = found.map((row) => this.#test[row]!);
		const best = bestRow(found, this.#validation);
		return {
			max: Math.max(...tests),
			mean: tests.reduce((sum, test) => sum + test, 0) / tests.length,
			min: Math.min(...tests),
			bestByValidation: best === undefined ? Number.NaN : this.#test[best]!,
			architectures: found.length,
		};
	}

	/** The architectures of the highest test accuracies. */
	oracle(count: number): A[] {
		const rows = this.table.architectures.map((_, row) => row);
		const ordered = rows.sort((a, b) => this.#test[b]! - this.#test[a]!);
		return ordered.slice(0, count).map((row) => this.table.architectures[row]!);
	}

	/** Architectures drawn uniformly with replacement: as many queries without a generator. */
	random(count: number, seed: number): A[] {
		const random = createRandom(seed).fork("table3");
		return Array.from({ length: count }, () => random.pick(this.table.architectures));
	}
}

/** The `count` architectures whose predictions are highest. */
export function bestPredicted<A>(
	architectures: readonly A[],
	predicted: readonly number[],
	count: number,
): A[] {
	return architectures
		.map((architecture, i) => ({ architecture, value: predicted[i]! }))
		.sort((a, b) => b.value - a.value)
		.slice(0, count)
		.map(({ architecture }) => architecture);
}

type Published = readonly [max: number, mean: number, min: number];

/** Table 3 of DiffusionNAG: test accuracies of 1,000 architectures, by data set and row. */
export const PUBLISHED_TABLE3: Readonly<Record<string, Readonly<Record<string, Published>>>> = {
	c10: {
		oracle: [94.37, 93.5, 93.18],
		random: [94.37, 87.12, 10],
		sorted: [94.37, 90.77, 10],
		guided: [94.37, 93.13, 86.44],
	},
	c100: { random: [72.74, 61.59, 1], guided: [73.51, 70.34, 58.09] },
};
