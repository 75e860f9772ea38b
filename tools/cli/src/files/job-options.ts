import { JOB_STRATEGIES, type JobDescription, PARETO_COSTS } from "@archgen/client";
import { DEFAULT_SEARCH_PROXY_TEXT } from "@archgen/proxies";
import { SPACE_NAMES } from "@archgen/search-space";
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
		.option("--evaluations <n>", "evaluations; unless given 20000, with --table 100", integer({ min: 1 }))
		.option("--population <n>", "members; unless given 512, of cells 64, of bo 128", integer({ min: 1 }))
		.option("--objective <proxy>", `proxy to maximise; unless given ${DEFAULT_SEARCH_PROXY_TEXT}`)
		.option("--strategy <name>", `${STRATEGIES.join(", ")} (docs/search.md)`, choice(STRATEGIES), "hl-evo")
		.option("--seed <n>", "seed of everything random", integer({ min: 0 }), 0)
		.option("--parallelism <n>", "evaluations at once; 1 is reproducible", integer({ min: 1, max: 4096 }), 4)
		.option("--random-cells", "draw cells at random instead of from a model: the baseline")
		.option("--temperature <t>", "scale of the noise; 0.4 unless given", number({ min: 0, max: 2 }))
		.option("--cell-generator <name>", "generator of the cells, of models show, or random; flow unless given")
		.option("--model-version <version>", "bundle version that draws cells; the served one unless given")
		.option(
			"--scoring-size <pixels>",
			"longer side of the images for scoring; unless given the input size, at most the orchestrator's scoring-max-input-size",
			integer({ min: 16, max: 512 }),
		)
		.option(
			"--scoring-batch <n>",
			"images for scoring; unless given as many as the orchestrator's scoring-pixels allow",
			integer({ min: 2, max: 256 }),
		)
		.option(
			"--costs <list>",
			`costs to minimise with --strategy pareto, separated by commas: ${COSTS.join(", ")}`,
			choices(COSTS),
			[],
		)
		.option("--latency-table <file>", "operation latencies of the device, as profile-latency writes them")
		.option("--max-latency-ms <ms>", "at most this latency, predicted by --latency-table", number({ min: 0 }))
		.option("--max-peak-activation-bytes <n>", "at most this much float32 memory for feature maps", bytes)
		.option("--table <file>", "look evaluations up in comma-separated values; with --strategy bo or random")
		.option("--target <column>", "column of the table to maximise, e.g. c10_val")
		.option("--space <name>", `search space of the table: ${SPACE_NAMES.join(", ")}`, "nasbench201");
}
