import type { ConstraintName } from "@archgen/design";
import { type common, orchestrator } from "@archgen/rpc";
import { type Counts, type Network, type NetworkJson, networkToJson } from "@archgen/search-space";
import { constraintOfKind, countsFromMessage, networkFromMessage } from "@archgen/wire";

const { GenerationStep: Wire } = orchestrator;

/** Steps of a generation by name. */
const STEP_NAMES: ReadonlyMap<orchestrator.GenerationStep, string> = new Map([
	[Wire.GENERATION_STEP_SEQUENCES, "sequences"],
	[Wire.GENERATION_STEP_CELLS, "cells"],
	[Wire.GENERATION_STEP_COUNTING, "counting"],
	[Wire.GENERATION_STEP_SCORING, "scoring"],
	[Wire.GENERATION_STEP_REFINING, "refining"],
]);

/** Name of a step as the wire carries it. */
export function stepName(step: orchestrator.GenerationStep): string {
	return STEP_NAMES.get(step) ?? "working";
}

/** Origin of a cell: the cell generator, the known cell of its cluster that stood in, or a change by refinement. */
export type CellPartName = "flow" | "fallback" | "edit";

const PART_NAMES: { readonly [P in orchestrator.CellPart]?: CellPartName } = {
	[orchestrator.CellPart.CELL_PART_FLOW]: "flow",
	[orchestrator.CellPart.CELL_PART_FALLBACK]: "fallback",
	[orchestrator.CellPart.CELL_PART_EDIT]: "edit",
};

/** How far a count is from a bound. */
export interface AnswerMargin {
	readonly limit: number;
	readonly value: number;
	/** Distance to the bound on the allowed side, as a share of the bound. */
	readonly relative: number;
}

/** A network of an answer. */
export interface AnswerNetwork {
	readonly network: NetworkJson;
	readonly hash: string;
	readonly counts: Counts;
	readonly margins: Readonly<Partial<Record<ConstraintName, AnswerMargin>>>;
}

/** What `archgen generate --json` prints. */
export interface Answer {
	/** Best first. */
	readonly networks: readonly (AnswerNetwork & {
		readonly rank: number;
		readonly scores: Readonly<Record<string, number>>;
		/** The objective; one by ranks has a meaning only within its answer. */
		readonly objective?: number;
		/** Origin of the cell of each stage. */
		readonly parts: readonly CellPartName[];
		/** With a latency table: predicted milliseconds, and one standard deviation. */
		readonly latency?: { readonly ms: number; readonly errorMs: number };
		/** Files written, with `--out`. */
		readonly files?: readonly string[];
	})[];
	/** Only without networks: the candidate closest to the bounds. */
	readonly closest?: AnswerNetwork;
	/** Only without networks: why there are none. */
	readonly reason?: string;
	readonly generated: number;
	readonly feasible: number;
	/** Candidates within the bounds that were not scored because others promised a better objective. */
	readonly screened: number;
	readonly dropped: Readonly<Record<string, number>>;
	/** Best objective after 10, 25, 50, 100, 200, 400, … evaluations and after the last. */
	readonly quality: readonly { readonly evaluations: number; readonly best: number }[];
	/** What should be known of the answer, e.g. that candidates could not be scored; left out when there is nothing. */
	readonly warnings?: readonly string[];
	/** Seconds by step. */
	readonly seconds: Readonly<Record<string, number>>;
	readonly provenance: {
		readonly seed: number;
		/** Objective that ranked; empty when nothing was scored. */
		readonly objective: string;
		readonly modelVersions: Readonly<Record<string, string>>;
		readonly images: string;
		readonly batch: number;
		readonly scoringSize: number;
		/** Generator that drew the cells. */
		readonly cellGenerator: string;
	};
}

/** The networks of a result, in the domain's terms. */
export function networksOf(result: orchestrator.GenerationResult): Network[] {
	return result.networks.map(({ network }, i) => networkFromMessage(network!, `networks[${i}]`));
}

/** The JSON form of a result. */
export function answerFromMessage(result: orchestrator.GenerationResult): Answer {
	const { closest, reason, generatedCount, feasibleCount } = result;
	return {
		networks: result.networks.map((item, i) => ({
			rank: i + 1,
			...networkOf(item, `networks[${i}]`),
			scores: item.scores,
			...(item.objectiveValue !== undefined && { objective: item.objectiveValue }),
			parts: item.parts.map((part) => PART_NAMES[part] ?? "flow"),
			...(item.latency && { latency: { ms: item.latency.latencyMs, errorMs: item.latency.errorMs } }),
		})),
		...(closest && { closest: networkOf(closest, "closest") }),
		...(reason !== "" && { reason }),
		generated: generatedCount,
		feasible: feasibleCount,
		screened: result.provenance?.screenedCount ?? 0,
		dropped: Object.fromEntries(result.dropped.map(({ reason: why, count }) => [why, count])),
		quality: result.quality.map(({ evaluationCount, best }) => ({ evaluations: evaluationCount, best })),
		...(result.warnings.length > 0 && { warnings: result.warnings }),
		seconds: Object.fromEntries(
			result.timings.map(({ step, elapsedSeconds }) => [stepName(step), elapsedSeconds]),
		),
		provenance: provenanceOf(result.provenance),
	};
}

type WireNetwork = Pick<orchestrator.GeneratedNetwork, "network" | "counts" | "margins">;

function networkOf({ network, counts, margins }: WireNetwork, field: string): AnswerNetwork {
	return {
		network: networkToJson(networkFromMessage(network!, field)),
		hash: network!.hash,
		counts: countsFromMessage(counts!),
		margins: Object.fromEntries(margins.flatMap(marginOf)),
	};
}

function marginOf({
	kind,
	limit,
	actual,
	relativeMargin,
}: common.ConstraintMargin): [ConstraintName, AnswerMargin][] {
	const name = constraintOfKind(kind);
	return name === undefined
		? []
		: [[name, { limit: Number(limit), value: Number(actual), relative: relativeMargin }]];
}

function provenanceOf(provenance: orchestrator.Provenance | undefined): Answer["provenance"] {
	const {
		seed = 0n,
		objective = "",
		modelVersions = {},
		dataIdentity = "",
		batchSize = 0,
		scoringInputSize = 0,
		cellGenerator = "",
	} = provenance ?? {};
	const versions = Object.entries(modelVersions).map(([service, { name, version }]) => [
		service,
		`${name} ${version}`,
	]);
	return {
		seed: Number(seed),
		objective,
		modelVersions: Object.fromEntries(versions),
		images: dataIdentity,
		batch: batchSize,
		scoringSize: scoringInputSize,
		cellGenerator,
	};
}
