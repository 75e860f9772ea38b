import type { ProxyName } from "@archgen/proxies";
import { createRandom, type Random } from "@archgen/random";
import {
	correlationInterval,
	type Interval,
	kendall,
	type Pairs,
	pairedKendall,
	partialSpearman,
	similarPairs,
	spearman,
} from "@archgen/statistics";
import type { BenchmarkScores } from "../validation/benchmark-scores.js";
import type { RankingRow } from "./ranking-table.js";
import { type ScoreColumn, scoreColumns } from "./score-columns.js";
import { type Draws, drawCandidates, type Selected, select } from "./selection.js";

/** How one proxy, or one combination, orders trained networks. */
export interface RankedProxy {
	readonly name: string;
	/** Networks without a value; they count as worst. */
	readonly failed: number;
	/** Rank correlations with accuracy; null where all values are equal or none is there. */
	readonly spearman: number | null;
	readonly kendall: number | null;
	/** Spearman with the ranks of MACs and parameters held fixed; null where these explain all of the proxy. */
	readonly partial: number | null;
	/** Kendall over the pairs of networks of equal MACs and parameters; null without such pairs that differ. */
	readonly equalCost: number | null;
	/** 95 % bootstrap intervals of `spearman`, of `partial` and of `equalCost`. */
	readonly interval: Interval | null;
	readonly partialInterval: Interval | null;
	readonly equalCostInterval: Interval | null;
	/** What it selects under the bound, by number of candidates. */
	readonly selections: readonly Selected[];
}

export interface RankingReport {
	readonly rows: number;
	/** Multiply-accumulates that candidates may have: the median of the rows. */
	readonly macBound: number;
	/** Pairs of equal MACs and parameters. */
	readonly equalCostPairs: number;
	/** What random choice and knowing the accuracies select, in the order of every proxy's `selections`. */
	readonly random: readonly Selected[];
	readonly oracle: readonly Selected[];
	readonly proxies: readonly RankedProxy[];
}

export interface RankingOptions {
	readonly rows: readonly RankingRow[];
	/** Scores of each row. */
	readonly scores: readonly BenchmarkScores[];
	/** Multiply-accumulates and parameters of each row. */
	readonly costs: readonly { readonly macCount: number; readonly parameterCount: number }[];
	readonly proxies: readonly ProxyName[];
	readonly seed: number;
	/** Bootstrap samples, default 300. */
	readonly resamples?: number;
}

/** Two networks cost the same when neither their MACs nor their parameters differ by more than this share. */
export const EQUAL_COST = 0.05;
/** Candidates that are drawn, so far as there are twice as many networks under the bound. */
const CANDIDATES = [100, 1000];
const DRAWS = 500;

/** Correlations with accuracy, the same at equal cost, and what would be selected. */
export function rankProxies(options: RankingOptions): RankingReport {
	const { rows, scores, costs, proxies, seed, resamples = 300 } = options;
	const random = createRandom(seed).fork("ranking");
	const accuracies = rows.map(({ accuracy }) => accuracy);
	const macs = costs.map(({ macCount }) => macCount);
	const parameters = costs.map(({ parameterCount }) => parameterCount);
	const pairs = similarPairs([macs, parameters], EQUAL_COST);
	const macBound = [...macs].sort((a, b) => a - b)[Math.floor(macs.length / 2)]!;
	const draws = drawsUnder(macs, macBound, random.fork("candidates"));
	const table = { accuracies, controls: [macs, parameters], pairs, draws, resamples, random };
	return {
		rows: rows.length,
		macBound,
		equalCostPairs: pairs.length / 2,
		random: draws.map((draw) => select(draw, (networks) => networks.map(() => 0), accuracies)),
		oracle: draws.map((draw) => select(draw, (networks) => networks.map((i) => accuracies[i]!), accuracies)),
		proxies: scoreColumns(proxies, scores).map((column) => rank(column, table)),
	};
}

function drawsUnder(macs: readonly number[], bound: number, random: Random): Draws[] {
	const pool = macs.flatMap((value, i) => (value <= bound ? [i] : []));
	const fitting = CANDIDATES.filter((candidates) => 2 * candidates <= pool.length);
	const counts = fitting.length > 0 ? fitting : [Math.max(1, Math.floor(pool.length / 2))];
	return counts.map((candidates) =>
		drawCandidates(pool, { candidates, draws: DRAWS, random: random.fork(candidates) }),
	);
}

interface TrainedNetworks {
	readonly accuracies: readonly number[];
	readonly controls: readonly (readonly number[])[];
	readonly pairs: Pairs;
	readonly draws: readonly Draws[];
	readonly resamples: number;
	readonly random: Random;
}

function rank(column: ScoreColumn, table: TrainedNetworks): RankedProxy {
	const { accuracies, controls, pairs, draws, resamples } = table;
	const n = accuracies.length;
	const scores = column.scoresOf(accuracies.map((_, i) => i));
	// every proxy sees the same samples
	const interval = (name: string, statistic: (multiplicities: Int32Array) => number | null) =>
		correlationInterval(n, statistic, { random: table.random.fork(name), resamples });
	return {
		name: column.name,
		failed: column.failed,
		spearman: known(spearman(scores, accuracies)),
		kendall: known(kendall(scores, accuracies)),
		partial: known(partialSpearman(scores, accuracies, controls)),
		equalCost: known(pairedKendall(scores, accuracies, pairs)),
		interval: interval("all", (m) => spearman(repeated(scores, m), repeated(accuracies, m))),
		partialInterval: interval("all", (m) =>
			partialSpearman(
				repeated(scores, m),
				repeated(accuracies, m),
				controls.map((values) => repeated(values, m)),
			),
		),
		equalCostInterval: interval("pairs", (m) => pairedKendall(scores, accuracies, pairs, m)),
		selections: draws.map((draw) => select(draw, column.scoresOf, accuracies)),
	};
}

const known = (x: number | null) => (x === null || Number.isNaN(x) ? null : x);

function repeated(values: readonly number[], multiplicities: Int32Array): number[] {
	const result: number[] = [];
	for (const [i, value] of values.entries()) for (let k = 0; k < multiplicities[i]!; k++) result.push(value);
	return result;
}

/** How far a selection lies between random choice (0) and the oracle (1). */
export function shareOf(selected: number, random: number, oracle: number): number {
	return (selected - random) / (oracle - random);
}
