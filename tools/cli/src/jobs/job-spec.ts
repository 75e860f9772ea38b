import { orchestrator } from "@archgen/rpc";
import { constraintsToMessage } from "@archgen/wire";
import type { Command } from "commander";
import { choice, count, integer, number } from "../cli/parsers.js";
import { addBudgetOptions, type BudgetOptions, constraintsOf } from "../files/budget-options.js";
import { readLatencyTable } from "../latency/read-table.js";

const { SearchStrategy, CellOrigin, ParetoCost } = orchestrator;

const STRATEGIES = {
	"hl-evo": SearchStrategy.SEARCH_STRATEGY_HL_EVO,
	"hl-evo-means": SearchStrategy.SEARCH_STRATEGY_HL_EVO_MEANS,
	cells: SearchStrategy.SEARCH_STRATEGY_CELLS,
	ageing: SearchStrategy.SEARCH_STRATEGY_AGEING,
	random: SearchStrategy.SEARCH_STRATEGY_RANDOM,
	pareto: SearchStrategy.SEARCH_STRATEGY_PARETO,
} as const;

const COSTS = {
	"parameter-count": ParetoCost.PARETO_COST_PARAMETER_COUNT,
	"mac-count": ParetoCost.PARETO_COST_MAC_COUNT,
	"flop-count": ParetoCost.PARETO_COST_FLOP_COUNT,
	"peak-activation-bytes": ParetoCost.PARETO_COST_PEAK_ACTIVATION_BYTES,
	latency: ParetoCost.PARETO_COST_LATENCY,
} as const;

/** Options that describe a job. */
export interface SpecOptions extends BudgetOptions {
	readonly evaluations: number;
	readonly population?: number;
	readonly objective: string;
	readonly strategy: keyof typeof STRATEGIES;
	readonly seed: number;
	readonly parallelism: number;
	readonly randomCells?: boolean;
	readonly temperature: number;
	readonly modelVersion?: string;
	readonly scoringSize?: number;
	readonly scoringBatch?: number;
	readonly costs: readonly (keyof typeof COSTS)[];
	readonly latencyTable?: string;
	readonly maxLatencyMs?: number;
	readonly maxPeakActivationBytes?: number;
}

/** Adds the options of {@link SpecOptions}. */
export function addSpecOptions(command: Command): Command {
	const names = Object.keys(STRATEGIES) as (keyof typeof STRATEGIES)[];
	return addBudgetOptions(command)
		.option("--evaluations <n>", "length of the finished history", integer({ min: 1 }), 20_000)
		.option(
			"--population <n>",
			"size of the population; 512, with cells 64, unless given",
			integer({ min: 1 }),
		)
		.option("--objective <proxy>", "what is maximised, as the zc-proxy service names it", "tcet")
		.option("--strategy <name>", names.join(", "), choice(names), "hl-evo")
		.option("--seed <n>", "seed of everything random", integer({ min: 0 }), 0)
		.option(
			"--parallelism <n>",
			"evaluations in flight; with 1 a seed always gives the same history",
			integer({ min: 1, max: 4096 }),
			4,
		)
		.option("--random-cells", "random cells instead of a model's: the baseline")
		.option("--temperature <t>", "noise around cluster means", number({ min: 0, max: 2 }), 0.4)
		.option("--model-version <version>", "model that draws cells; the served one unless given")
		.option("--scoring-size <pixels>", "image size for scoring", integer({ min: 16, max: 512 }))
		.option("--scoring-batch <n>", "images for scoring", integer({ min: 2, max: 256 }))
		.option(
			"--costs <list>",
			`what --strategy pareto trades the objective against, e.g. ${Object.keys(COSTS).join(",")}`,
			costList,
			[],
		)
		.option("--latency-table <file>", "latency of operations (profile-latency writes one)")
		.option("--max-latency-ms <ms>", "at most this predicted latency; needs a table", number({ min: 0 }))
		.option("--max-peak-activation-bytes <n>", "at most this much memory for feature maps", count);
}

function costList(text: string): (keyof typeof COSTS)[] {
	return text.split(",").map((part) => choice(Object.keys(COSTS) as (keyof typeof COSTS)[])(part.trim()));
}

/** The spec that the options describe. */
export async function specOf(options: SpecOptions): Promise<orchestrator.EvolutionJobSpec> {
	const { latencyTable: file, maxLatencyMs, maxPeakActivationBytes: peak } = options;
	return {
		constraints: constraintsToMessage(constraintsOf(options)),
		inputSize: options.input,
		classCount: options.classes,
		objective: options.objective,
		evaluationCount: options.evaluations,
		...(options.population !== undefined && { populationSize: options.population }),
		seed: BigInt(options.seed),
		parallelism: options.parallelism,
		strategy: STRATEGIES[options.strategy],
		cells: options.randomCells ? CellOrigin.CELL_ORIGIN_RANDOM : CellOrigin.CELL_ORIGIN_MODEL,
		temperature: options.temperature,
		modelVersion: options.modelVersion ?? "",
		scoringInputSize: options.scoringSize,
		scoringBatchSize: options.scoringBatch,
		paretoCosts: options.costs.map((cost) => COSTS[cost]),
		latencyTable: await readLatencyTable(file),
		maxLatencyMs,
		maxPeakActivationBytes: peak === undefined ? undefined : BigInt(peak),
	};
}
