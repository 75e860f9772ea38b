import type { Constraints } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { orchestrator } from "@archgen/rpc";
import { constraintsToMessage, targetToMessage } from "@archgen/wire";
import { type Purpose, targetOf } from "../generation/ask.js";
import { readLatencyTable } from "./latency-table.js";
import { scoreTable } from "./score-table.js";

const { SearchStrategy, CellOrigin, ParetoCost } = orchestrator;

/** Strategies of a job by name. */
export const JOB_STRATEGIES = {
	"hl-evo": SearchStrategy.SEARCH_STRATEGY_HL_EVO,
	"hl-evo-means": SearchStrategy.SEARCH_STRATEGY_HL_EVO_MEANS,
	bo: SearchStrategy.SEARCH_STRATEGY_BO,
	cells: SearchStrategy.SEARCH_STRATEGY_CELLS,
	ageing: SearchStrategy.SEARCH_STRATEGY_AGEING,
	random: SearchStrategy.SEARCH_STRATEGY_RANDOM,
	pareto: SearchStrategy.SEARCH_STRATEGY_PARETO,
} as const;

/** Costs that a Pareto search trades the objective against, by name. */
export const PARETO_COSTS = {
	"parameter-count": ParetoCost.PARETO_COST_PARAMETER_COUNT,
	"mac-count": ParetoCost.PARETO_COST_MAC_COUNT,
	"flop-count": ParetoCost.PARETO_COST_FLOP_COUNT,
	"peak-activation-bytes": ParetoCost.PARETO_COST_PEAK_ACTIVATION_BYTES,
	latency: ParetoCost.PARETO_COST_LATENCY,
} as const;

/** A job as a person describes it. */
export interface JobDescription extends Purpose {
	readonly constraints: Constraints;
	/** The service's default unless given. */
	readonly evaluations?: number;
	readonly population?: number;
	/** The service's default unless given, or the column of the table. */
	readonly objective?: string;
	readonly strategy: keyof typeof JOB_STRATEGIES;
	readonly seed: number;
	readonly parallelism: number;
	readonly randomCells?: boolean;
	/** The service's default unless given. */
	readonly temperature?: number;
	/** Generator that draws cells, as `models show` lists it; the flow unless given. */
	readonly cellGenerator?: string;
	readonly modelVersion?: string;
	readonly scoringSize?: number;
	readonly scoringBatch?: number;
	readonly costs: readonly (keyof typeof PARETO_COSTS)[];
	/** Path of a latency table. */
	readonly latencyTable?: string;
	readonly maxLatencyMs?: number;
	readonly maxPeakActivationBytes?: number;
	/** Path of a table in which evaluations are looked up, see `TableDescription`; its images and classes are those of the space's benchmark. */
	readonly table?: string;
	/** Search space of the table, NAS-Bench-201 unless given. */
	readonly space?: string;
	/** Column of the table that is maximised. */
	readonly target?: string;
}

/** The message of a description; reads the tables that it names. */
export async function jobSpec(options: JobDescription): Promise<orchestrator.EvolutionJobSpec> {
	const { latencyTable: file, maxLatencyMs, maxPeakActivationBytes: peak, table } = options;
	const { space = "nasbench201", target } = options;
	if (table !== undefined && target === undefined)
		throw invalidArgument("--target", "must name the column of the table that is maximised");
	if (table === undefined && target !== undefined)
		throw invalidArgument("--table", "must be the file with the column to maximise");
	return {
		constraints: constraintsToMessage(options.constraints),
		...targetToMessage(table === undefined ? targetOf(options) : { size: 0, classes: 0 }),
		scoreTable: table === undefined ? undefined : await scoreTable({ table, space, target: target! }),
		objective: options.objective ?? "",
		evaluationCount: options.evaluations,
		...(options.population !== undefined && { populationSize: options.population }),
		seed: BigInt(options.seed),
		parallelism: options.parallelism,
		strategy: JOB_STRATEGIES[options.strategy],
		cells: options.randomCells ? CellOrigin.CELL_ORIGIN_RANDOM : CellOrigin.CELL_ORIGIN_MODEL,
		temperature: options.temperature,
		cellGenerator: options.cellGenerator ?? "",
		modelVersion: options.modelVersion ?? "",
		scoringInputSize: options.scoringSize,
		scoringBatchSize: options.scoringBatch,
		paretoCosts: options.costs.map((cost) => PARETO_COSTS[cost]),
		latencyTable: await readLatencyTable(file),
		maxLatencyMs,
		maxPeakActivationBytes: peak === undefined ? undefined : BigInt(peak),
	};
}
