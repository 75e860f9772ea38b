import { seededBatch } from "@archgen/datasets";
import type { CellGenerator, Constraints, SequenceGenerator } from "@archgen/design";
import { generate } from "@archgen/generation";
import { proxyScoring, searchScoring } from "@archgen/pipeline";
import { type ProxyName, type ScoringPool, withUsualDepth } from "@archgen/proxies";
import type { Target } from "@archgen/search-space";
import { TABLE2_BUDGETS } from "../reproduce/table2-budgets.js";

/** Requests under which cell generators are compared, by name. */
export const GENERATOR_BUDGETS = {
	"450 M flopCount, 224 pixels": TABLE2_BUDGETS["imagenet-450m"],
	"1 M parameters, 32 pixels": TABLE2_BUDGETS["cifar-1m"],
	"30 M MACs, 32 pixels": { target: { size: 32, classes: 10 }, constraints: { maxMacCount: 30_000_000 } },
} as const satisfies Readonly<Record<string, { readonly target: Target; readonly constraints: Constraints }>>;

export type GeneratorBudgetName = keyof typeof GENERATOR_BUDGETS;

/** Networks under one budget with the cells of one generator. */
export interface NetworkMeasures {
	readonly budget: GeneratorBudgetName;
	/** Score of each network that was scored, in the order of drawing. */
	readonly scores: readonly number[];
	/** Seconds for drawing, fitting and scoring. */
	readonly seconds: number;
}

/** What networks are made and scored with. */
export interface NetworkTask {
	readonly sequences: SequenceGenerator;
	readonly cells: CellGenerator;
	readonly pool: ScoringPool;
	/** Scoring processes of the pool. */
	readonly workers: number;
	/** What networks are scored by. */
	readonly proxy: ProxyName;
	/** Networks to draw, all of which are scored. */
	readonly networks: number;
	readonly seed: number;
	readonly signal: AbortSignal;
}

/** Draws networks under a budget as a request with this objective does, and scores all of them in the setting of searches. */
export async function measureNetworks(
	budget: GeneratorBudgetName,
	{ sequences, cells, pool, workers, proxy, networks: candidates, seed, signal }: NetworkTask,
): Promise<NetworkMeasures> {
	const { target, constraints } = GENERATOR_BUDGETS[budget];
	const batch = seededBatch(seed, { ...searchScoring(target), classes: target.classes });
	const scorer = { ...proxyScoring({ scorer: pool, batch, proxy, seed }), parallelism: workers };
	const began = performance.now();
	const { scores } = await generate(
		{ target, constraints: withUsualDepth(constraints, [proxy], target), candidates, topK: 1, seed },
		{ sequences, synonyms: cells, scorer, now: () => performance.now() },
		{ signal },
	);
	return { budget, scores, seconds: (performance.now() - began) / 1000 };
}
