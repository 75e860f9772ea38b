import { ArchgenError, invalidArgument } from "@archgen/errors";
import { type CostName, type Limits, resolveOptions } from "@archgen/evolution";
import { type JobSpec, type NewJob, type SearchSpec, STRATEGIES, searchOptions } from "@archgen/jobs";
import { LatencyModel } from "@archgen/latency";
import { defaultSearchProxy, withUsualDepth } from "@archgen/proxies";
import { orchestrator } from "@archgen/rpc";
import { scaledInput } from "@archgen/search-space";
import {
	constraintsFromMessage,
	constraintsToMessage,
	latencyTableFromMessage,
	requirePositive,
	requireWhole,
	restateFields,
	seedNumber,
	targetFromMessage,
	targetToMessage,
} from "@archgen/wire";
import { scoringData } from "../scorer.js";
import type { ScoringSettings } from "../settings.js";
import { tableJob, tableToMessage } from "./table-message.js";

const { SearchStrategy, CellOrigin, ParetoCost } = orchestrator;

const STRATEGY: Readonly<Record<JobSpec["strategy"], orchestrator.SearchStrategy>> = {
	"hl-evo": SearchStrategy.SEARCH_STRATEGY_HL_EVO,
	"hl-evo-means": SearchStrategy.SEARCH_STRATEGY_HL_EVO_MEANS,
	bo: SearchStrategy.SEARCH_STRATEGY_BO,
	ageing: SearchStrategy.SEARCH_STRATEGY_AGEING,
	cells: SearchStrategy.SEARCH_STRATEGY_CELLS,
	random: SearchStrategy.SEARCH_STRATEGY_RANDOM,
	pareto: SearchStrategy.SEARCH_STRATEGY_PARETO,
};
const COST: Readonly<Record<CostName, orchestrator.ParetoCost>> = {
	parameterCount: ParetoCost.PARETO_COST_PARAMETER_COUNT,
	macCount: ParetoCost.PARETO_COST_MAC_COUNT,
	flopCount: ParetoCost.PARETO_COST_FLOP_COUNT,
	peakActivationBytes: ParetoCost.PARETO_COST_PEAK_ACTIVATION_BYTES,
	latencyMs: ParetoCost.PARETO_COST_LATENCY,
};
const CELLS: Readonly<Record<JobSpec["cells"], orchestrator.CellOrigin>> = {
	model: CellOrigin.CELL_ORIGIN_MODEL,
	random: CellOrigin.CELL_ORIGIN_RANDOM,
};

/** Fields of search options as the message names them. */
const RENAMED: Readonly<Record<string, string>> = {
	evaluations: "evaluationCount",
	"target.size": "inputSize",
	"target.classes": "classCount",
	"target.width": "inputWidth",
	"target.channels": "inputChannels",
	"target.task": "task",
	"target.outputStride": "outputStride",
	costs: "paretoCosts",
	"limits.maxLatencyMs": "maxLatencyMs",
	"limits.maxPeakActivationBytes": "maxPeakActivationBytes",
};

/**
 * The spec of a message with all defaults filled in, and the rows of its score table.
 *
 * @throws INVALID_ARGUMENT naming every field below `evolution_job.spec` that is wrong
 */
export function specFromMessage(
	message: orchestrator.EvolutionJobSpec | undefined,
	scoring: ScoringSettings,
): NewJob {
	if (message === undefined) throw invalidArgument("evolution_job.spec", "is missing.");
	try {
		const { scoreTable } = message;
		return scoreTable === undefined
			? { spec: checked(message, scoring), rows: null }
			: tableJob(
					message,
					scoreTable,
					keyOf(STRATEGY, message.strategy || STRATEGY.bo, "strategy"),
					seedOf(message),
				);
	} catch (error) {
		throw restateFields("evolution_job.spec", error);
	}
}

function checked(message: orchestrator.EvolutionJobSpec, settings: ScoringSettings): JobSpec {
	const strategy = keyOf(STRATEGY, message.strategy || STRATEGY["hl-evo"], "strategy");
	const target = targetFromMessage(message);
	const constraints = constraintsFromMessage(message.constraints);
	const objective = message.objective || defaultSearchProxy(constraints);
	const search = {
		target,
		constraints: withUsualDepth(constraints, [objective], target),
		objective,
		evaluations: message.evaluationCount ?? 20_000,
		populationSize: message.populationSize ?? STRATEGIES[strategy].populationSize,
		...seedOf(message),
		parallelism: message.parallelism ?? 1,
		strategy,
		cells: keyOf(CELLS, message.cells || CELLS.model, "cells"),
		temperature: requirePositive("temperature", message.temperature ?? 0.4, 2),
		...cellGeneratorOf(message),
		modelVersion: message.modelVersion,
		costs: message.paretoCosts.map((cost, i) => keyOf(COST, cost, `paretoCosts[${i}]`)),
		limits: limitsOf(message),
		latencyTable: latencyTableFromMessage(message.latencyTable) ?? null,
	};
	checkOptions(search);
	checkLatency(search);
	return { ...search, scoring: scoringOf(message, settings) };
}

/** The seed, and as it was sent where a number cannot hold it. */
function seedOf({ seed }: orchestrator.EvolutionJobSpec): Pick<JobSpec, "seed" | "seedSent"> {
	const isHeld = Number.isSafeInteger(Number(seed));
	return { seed: seedNumber(seed), ...(isHeld ? {} : { seedSent: String(seed) }) };
}

/** @throws INVALID_ARGUMENT for a generator beside random cells, which need none */
function cellGeneratorOf({
	cellGenerator,
	cells,
}: orchestrator.EvolutionJobSpec): Pick<JobSpec, "cellGenerator"> {
	if (cellGenerator === "") return {};
	if (cells === CellOrigin.CELL_ORIGIN_RANDOM)
		throw invalidArgument("cellGenerator", "draws cells of a model; leave it out where cells are random.");
	return { cellGenerator };
}

function limitsOf({ maxLatencyMs, maxPeakActivationBytes: peak }: orchestrator.EvolutionJobSpec): Limits {
	return {
		...(maxLatencyMs !== undefined && { maxLatencyMs }),
		...(peak !== undefined && { maxPeakActivationBytes: Number(peak) }),
	};
}

/** Costs and limits of latency need a table, and a search meets every operation. */
function checkLatency({ costs, limits, latencyTable }: SearchSpec): void {
	if (latencyTable !== null) new LatencyModel(latencyTable).requireNoGaps();
	else if (costs.includes("latencyMs") || limits.maxLatencyMs !== undefined) {
		throw invalidArgument(
			"latencyTable",
			"is needed to predict latency; archgen profile-latency measures one.",
		);
	}
}

function scoringOf(message: orchestrator.EvolutionJobSpec, settings: ScoringSettings): JobSpec["scoring"] {
	const input = targetFromMessage(message);
	const usual = scoringData(input, settings).inputSize;
	const inputSize = requireWhole("scoringInputSize", message.scoringInputSize ?? usual, 16, 512);
	const images = scoringData(scaledInput({ channels: 3, ...input }, inputSize), {
		...settings,
		maxInputSize: inputSize,
	}).batchSize;
	return {
		inputSize,
		batchSize: requireWhole("scoringBatchSize", message.scoringBatchSize ?? images, 2, 256),
	};
}

function checkOptions(spec: SearchSpec): void {
	try {
		resolveOptions(searchOptions(spec, null));
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		const { category, reason, message } = error;
		const violations = error.violations.map(({ field, description }) => ({
			field: RENAMED[field] ?? field,
			description,
		}));
		throw new ArchgenError({ category, reason, message, violations });
	}
}

function keyOf<K extends string, V>(table: Readonly<Record<K, V>>, value: V, field: string): K {
	const found = (Object.keys(table) as K[]).find((key) => table[key] === value);
	if (found === undefined) throw invalidArgument(field, "is not a value that this service knows.");
	return found;
}

/** The message of a spec. */
export function specToMessage(spec: JobSpec): orchestrator.EvolutionJobSpec {
	return {
		constraints: constraintsToMessage(spec.constraints),
		...targetToMessage(spec.target),
		objective: spec.objective,
		evaluationCount: spec.evaluations,
		populationSize: spec.populationSize,
		seed: BigInt(spec.seedSent ?? spec.seed),
		parallelism: spec.parallelism,
		strategy: STRATEGY[spec.strategy],
		cells: CELLS[spec.cells],
		temperature: spec.temperature,
		cellGenerator: spec.cellGenerator ?? "",
		modelVersion: spec.modelVersion,
		paretoCosts: spec.costs.map((cost) => COST[cost]),
		latencyTable: spec.latencyTable === null ? undefined : { device: spec.latencyTable.device, entries: [] },
		maxLatencyMs: spec.limits.maxLatencyMs,
		maxPeakActivationBytes:
			spec.limits.maxPeakActivationBytes === undefined
				? undefined
				: BigInt(spec.limits.maxPeakActivationBytes),
		scoringInputSize: spec.scoring.inputSize,
		scoringBatchSize: spec.scoring.batchSize,
		...tableToMessage(spec.table),
	};
}
