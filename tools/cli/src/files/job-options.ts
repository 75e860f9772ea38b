import { JOB_STRATEGIES, type JobDescription, PARETO_COSTS } from "@archgen/client";
import { DEFAULT_SEARCH_PROXY } from "@archgen/proxies";
import type { Command } from "commander";
import { bytes, choice, choices, integer, number } from "../cli/index.js";
import { addBudgetOptions, addPurposeOptions, type BudgetOptions } from "../files/budget-options.js";

/** Options that describe a job. */
export interface SpecOptions extends BudgetOptions, Omit<JobDescription, "constraints"> {}

const STRATEGIES = Object.keys(JOB_STRATEGIES) as (keyof typeof JOB_STRATEGIES)[];
const COSTS = Object.keys(PARETO_COSTS) as (keyof typeof PARETO_COSTS)[];

/** Adds the options of {@link SpecOptions}. */
export function addSpecOptions(command: Command): Command {
	return addPurposeOptions(addBudgetOptions(command))
		.option("--evaluations <n>", "length of the finished history", integer({ min: 1 }), 20_000)
		.option(
			"--population <n>",
			"size of the population; 512, with cells 64, with bo 128, unless given",
			integer({ min: 1 }),
		)
		.option(
			"--objective <proxy>",
			"what is maximised, as the zc-proxy service names it",
			DEFAULT_SEARCH_PROXY,
		)
		.option("--strategy <name>", STRATEGIES.join(", "), choice(STRATEGIES), "hl-evo")
		.option("--seed <n>", "seed of everything random", integer({ min: 0 }), 0)
		.option(
			"--parallelism <n>",
			"evaluations in flight; with 1 a seed always gives the same history",
			integer({ min: 1, max: 4096 }),
			4,
		)
		.option("--random-cells", "random cells instead of a model's: the baseline")
		.option("--temperature <t>", "noise around cluster means", number({ min: 0, max: 2 }), 0.4)
		.option(
			"--cell-generator <name>",
			"generator of the cells, as models show lists it, or random; flow unless given",
		)
		.option("--model-version <version>", "model that draws cells; the served one unless given")
		.option("--scoring-size <pixels>", "image size for scoring", integer({ min: 16, max: 512 }))
		.option("--scoring-batch <n>", "images for scoring", integer({ min: 2, max: 256 }))
		.option(
			"--costs <list>",
			`what --strategy pareto trades the objective against, e.g. ${COSTS.join(",")}`,
			choices(COSTS),
			[],
		)
		.option("--latency-table <file>", "latency of operations (profile-latency writes one)")
		.option("--max-latency-ms <ms>", "at most this predicted latency; needs a table", number({ min: 0 }))
		.option("--max-peak-activation-bytes <n>", "at most this much memory for feature maps", bytes);
}
