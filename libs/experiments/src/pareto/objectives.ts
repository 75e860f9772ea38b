import {
	architectureDistance,
	fitGaussianProcess,
	type GaussianProcess,
	normalScores,
} from "@archgen/bayesian-optimization";
import type { PropertyTableFile } from "@archgen/pipeline";
import { countArchitecture, splitRows } from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import { rowFinder } from "../table-rows.js";

/** Objectives in their order in points: accuracy is to be large, all others small. */
export const OBJECTIVES = ["accuracy", "parameterCount", "macCount", "latency"] as const;

/** Value of each objective, all to be maximised: costs with a minus. */
export type Objectives = readonly [accuracy: number, parameters: number, macs: number, latency: number];

/** A benchmark with its objectives, and surrogates of them from few labelled rows. */
export interface ObjectiveModels<A> {
	/** True objectives of each row of the table. */
	readonly rows: readonly Objectives[];
	/** One for each objective, conditioned on the normal scores of the labelled rows: a few very bad ones would hide the differences of the good ones. */
	readonly surrogates: readonly GaussianProcess<A>[];
	/** Objectives of an architecture as far as they are known without the table: exact counts, and normal scores of accuracy and latency by surrogate. */
	readonly predict: (architecture: A) => Objectives;
	readonly rowOf: (architecture: A | undefined) => number | undefined;
}

/** @param labels rows of the table that the surrogates are conditioned on, chosen by the seed */
export function objectiveModels<A>(
	space: SearchSpace<A>,
	{ table }: PropertyTableFile<A>,
	{ accuracy, latency }: { readonly accuracy: string; readonly latency: string },
	labels: number,
	seed: number,
): ObjectiveModels<A> {
	const rows = table.architectures.map((architecture, row): Objectives => {
		const { parameterCount, macCount } = countArchitecture(space, architecture);
		return [table.columns[accuracy]![row]!, -parameterCount, -macCount, -table.columns[latency]![row]!];
	});
	const { chosen } = splitRows(rows.length, labels, seed);
	const points = chosen.map((row) => table.architectures[row]!);
	const distance = architectureDistance(space);
	const surrogates = OBJECTIVES.map((_, k) =>
		fitGaussianProcess<A>({ points, values: normalScores(chosen.map((row) => rows[row]![k]!)) }, distance),
	);
	const predict = (architecture: A): Objectives => {
		const { parameterCount, macCount } = countArchitecture(space, architecture);
		const [ofAccuracy, , , ofLatency] = surrogates.map((surrogate) => surrogate.at(architecture).mean);
		return [ofAccuracy!, -parameterCount, -macCount, ofLatency!];
	};
	return { rows, surrogates, predict, rowOf: rowFinder(space, table) };
}
