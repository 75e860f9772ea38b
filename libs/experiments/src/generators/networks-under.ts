import type { CellGenerator } from "@archgen/design";
import { ScoringPool } from "@archgen/proxies";
import { quantile } from "@archgen/statistics";
import { table } from "@archgen/text";
import {
	GENERATOR_BUDGETS,
	type GeneratorBudgetName,
	measureNetworks,
	type NetworkMeasures,
	type NetworkTask,
} from "./measure-networks.js";

/** Networks with the cells of one generator under one budget. */
export interface NetworksRow extends Omit<NetworkMeasures, "scores"> {
	readonly generator: string;
	/** Networks that were scored. */
	readonly scored: number;
	/** Best and median score; null where no network was found. */
	readonly best: number | null;
	readonly median: number | null;
	/** The best of as many networks as were done in the time that the quickest generator took for all. */
	readonly bestAtEqualTime: number | null;
}

/** How generators are compared; `onDone` is called after each of them. */
export interface NetworkComparison extends Omit<NetworkTask, "cells" | "pool"> {
	readonly onDone: () => void;
}

/** Names of {@link GENERATOR_BUDGETS}. */
export const GENERATOR_BUDGET_NAMES = Object.keys(GENERATOR_BUDGETS) as readonly GeneratorBudgetName[];

/** Networks of each generator under one budget, with scorers of their own so that none profits from what another compiled. */
export async function networksUnder(
	budget: GeneratorBudgetName,
	generators: ReadonlyMap<string, CellGenerator>,
	{ onDone, ...how }: NetworkComparison,
): Promise<NetworksRow[]> {
	const measured: (NetworkMeasures & { readonly generator: string })[] = [];
	for (const [generator, cells] of generators) {
		const pool = ScoringPool.create({ workers: how.workers, threadsPerWorker: 1 });
		try {
			measured.push({ generator, ...(await measureNetworks(budget, { cells, pool, ...how })) });
		} finally {
			await pool.close();
		}
		onDone();
	}
	const quickest = Math.min(...measured.map(({ seconds }) => seconds));
	return measured.map(({ scores, ...row }) => ({
		...row,
		scored: scores.length,
		best: best(scores),
		median: scores.length > 0 ? quantile(scores, 0.5) : null,
		bestAtEqualTime: best(scores.slice(0, Math.floor((scores.length * quickest) / row.seconds))),
	}));
}

function best(scores: readonly number[]): number | null {
	return scores.length > 0 ? Math.max(...scores) : null;
}

/** A table for people. */
export function describeNetworks(rows: readonly NetworksRow[]): string {
	const score = (value: number | null) => value?.toPrecision(4) ?? "none";
	return table(
		["budget", "generator", "networks", "best", "median", "best at equal time", "s"],
		rows.map((row) => [
			...[row.budget, row.generator, String(row.scored), score(row.best), score(row.median)],
			...[score(row.bestAtEqualTime), row.seconds.toFixed(1)],
		]),
	);
}
