import { orchestrator } from "@archgen/rpc";
import { constraintsToMessage } from "@archgen/wire";
import type { Command } from "commander";
import { choice, integer, number } from "../cli/parsers.js";
import { addBudgetOptions, type BudgetOptions, constraintsOf } from "../files/budget-options.js";

const { SearchStrategy, CellOrigin } = orchestrator;

const STRATEGIES = {
	"hl-evo": SearchStrategy.SEARCH_STRATEGY_HL_EVO,
	ageing: SearchStrategy.SEARCH_STRATEGY_AGEING,
	random: SearchStrategy.SEARCH_STRATEGY_RANDOM,
} as const;

/** Options that describe a job. */
export interface SpecOptions extends BudgetOptions {
	readonly evaluations: number;
	readonly population: number;
	readonly objective: string;
	readonly strategy: keyof typeof STRATEGIES;
	readonly seed: number;
	readonly parallelism: number;
	readonly randomCells?: boolean;
	readonly temperature: number;
	readonly modelVersion?: string;
	readonly scoringSize?: number;
	readonly scoringBatch?: number;
}

/** Adds the options of {@link SpecOptions}. */
export function addSpecOptions(command: Command): Command {
	const names = Object.keys(STRATEGIES) as (keyof typeof STRATEGIES)[];
	return addBudgetOptions(command)
		.option("--evaluations <n>", "length of the finished history", integer({ min: 1 }), 20_000)
		.option("--population <n>", "size of the population", integer({ min: 1 }), 512)
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
		.option("--scoring-batch <n>", "images for scoring", integer({ min: 2, max: 256 }));
}

/** The spec that the options describe. */
export function specOf(options: SpecOptions): orchestrator.EvolutionJobSpec {
	return {
		constraints: constraintsToMessage(constraintsOf(options)),
		inputSize: options.input,
		classCount: options.classes,
		objective: options.objective,
		evaluationCount: options.evaluations,
		populationSize: options.population,
		seed: BigInt(options.seed),
		parallelism: options.parallelism,
		strategy: STRATEGIES[options.strategy],
		cells: options.randomCells ? CellOrigin.CELL_ORIGIN_RANDOM : CellOrigin.CELL_ORIGIN_MODEL,
		temperature: options.temperature,
		modelVersion: options.modelVersion ?? "",
		scoringInputSize: options.scoringSize,
		scoringBatchSize: options.scoringBatch,
	};
}
