import {
	aggregateObjective,
	OBJECTIVE_NAMES,
	OBJECTIVES,
	type ObjectiveName,
	type ProxyName,
} from "@archgen/proxies";
import type { BenchmarkScores } from "../validation/benchmark-scores.js";

/** What orders networks: a proxy, or proxies combined by ranks. */
export interface ScoreColumn {
	readonly name: string;
	readonly proxies: readonly ProxyName[];
	/** Networks for which it has no value. */
	readonly failed: number;
	/**
	 * Scores of some of the networks, by index, as if these were all there are: ranks are taken among them. A network without a value
	 * scores −∞ and so comes last.
	 */
	readonly scoresOf: (networks: readonly number[]) => number[];
}

/** A column for each proxy, and for each objective that combines several of them by ranks. */
export function scoreColumns(
	proxies: readonly ProxyName[],
	scores: readonly BenchmarkScores[],
): ScoreColumn[] {
	const combined = OBJECTIVE_NAMES.filter((name) => {
		const { aggregate, parts } = OBJECTIVES[name];
		return aggregate === "log-ranks" && parts.every((part) => proxies.includes(part));
	});
	return [
		...proxies.map((proxy) => column(proxy, [proxy], scores, (set) => set.map(([value]) => value!))),
		...combined.map((name: ObjectiveName) =>
			column(name, OBJECTIVES[name].parts, scores, (set) => aggregateObjective(name, set)),
		),
	];
}

function column(
	name: string,
	proxies: readonly ProxyName[],
	scores: readonly BenchmarkScores[],
	aggregate: (set: readonly (readonly number[])[]) => number[],
): ScoreColumn {
	const parts = scores.map((values) => partsOf(values, proxies));
	return {
		name,
		proxies,
		failed: parts.filter((values) => values === null).length,
		scoresOf(networks) {
			const valid = networks.filter((i) => parts[i] !== null);
			const values = aggregate(valid.map((i) => parts[i]!));
			const byNetwork = new Map(valid.map((i, k) => [i, values[k]!]));
			return networks.map((i) => byNetwork.get(i) ?? Number.NEGATIVE_INFINITY);
		},
	};
}

function partsOf(values: BenchmarkScores, proxies: readonly ProxyName[]): number[] | null {
	const parts = proxies.map((proxy) => values[proxy]);
	return parts.every((result) => result?.ok)
		? parts.map((result) => (result?.ok ? result.value : Number.NaN))
		: null;
}
