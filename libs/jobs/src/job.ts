import type { Constraints, DropCounts } from "@archgen/design";
import type { CostName, Limits, Phase } from "@archgen/evolution";
import type { LatencyTable } from "@archgen/latency";
import type { CellGeneratorEntry } from "@archgen/models";
import type { SpaceName, Target } from "@archgen/search-space";

/** Values that the evaluations of a job are looked up in; its rows are kept beside the spec. */
export interface ScoreTable {
	readonly space: SpaceName;
	/** Name of the values. */
	readonly column: string;
	/** Number of rows. */
	readonly rows: number;
}

/** Rows of a score table, in one order. */
export interface ScoreTableRows {
	/** As `architectureText` writes them. */
	readonly architectures: readonly unknown[];
	readonly values: readonly number[];
}

/** What is searched and how, all defaults filled in; plain JSON, kept with the job. */
export interface JobSpec {
	readonly target: Target;
	readonly constraints: Constraints;
	/** Proxy that is maximised. */
	readonly objective: string;
	readonly evaluations: number;
	readonly populationSize: number;
	readonly seed: number;
	/** The seed that was sent, in decimal; only where it is larger than an exact number. */
	readonly seedSent?: string;
	readonly parallelism: number;
	readonly strategy: "hl-evo" | "hl-evo-means" | "ageing" | "cells" | "random" | "pareto" | "bo";
	/** What Pareto mode trades the objective against. */
	readonly costs: readonly CostName[];
	readonly limits: Limits;
	readonly latencyTable: LatencyTable | null;
	readonly cells: "model" | "random";
	readonly temperature: number;
	/** Name of the generator that draws cells; the flow where there is none. */
	readonly cellGenerator?: string;
	/** Empty for the version served when the job first runs. */
	readonly modelVersion: string;
	readonly scoring: { readonly inputSize: number; readonly batchSize: number };
	/** Absent where networks are scored. */
	readonly table?: ScoreTable;
}

/** The part of a spec that decides the search itself. */
export type SearchSpec = Omit<JobSpec, "scoring">;

export type JobState = "CREATED" | "QUEUED" | "RUNNING" | "CANCELLED" | "FAILED" | "SUCCEEDED";

/** Why a job makes no headway, or has failed. */
export interface JobProblem {
	readonly reason: string;
	readonly message: string;
	/** ISO 8601. */
	readonly since: string;
}

/** How far a job has come; plain JSON. */
export interface JobProgress {
	readonly evaluated: number;
	readonly inFlight: number;
	readonly phase: Phase;
	/** The line of its record. */
	readonly best: string | null;
	readonly population: {
		readonly size: number;
		readonly best: number | null;
		readonly mean: number | null;
		readonly worst: number | null;
	};
	/** Evaluations per second. */
	readonly speed: number;
	readonly dropped: DropCounts;
	/** Indices of the records of the Pareto front. */
	readonly front: readonly number[];
	readonly remainingSeconds: number | null;
}

/** The model that draws cells for a job: it stays the same however often the job is resumed. */
export interface JobModel {
	readonly name: string;
	readonly version: string;
	/** Number of clusters K. */
	readonly clusters: number;
	/** The generator that draws them; the flow where there is none. */
	readonly cellGenerator?: CellGeneratorEntry;
}

/** A job as the database has it. */
export interface Job {
	readonly id: string;
	/** Counts jobs in the order of their creation. */
	readonly number: string;
	readonly spec: JobSpec;
	readonly state: JobState;
	readonly createTime: Date;
	readonly startTime: Date | null;
	readonly endTime: Date | null;
	/** How often it was run or resumed. */
	readonly runCount: number;
	readonly problem: JobProblem | null;
	readonly progress: JobProgress | null;
	readonly model: JobModel | null;
	readonly executor: string;
}

/** Name of the durable workflow of the present run of a job. */
export function workflowId({ id, runCount }: Pick<Job, "id" | "runCount">): string {
	return `evolution/${id}/${runCount}`;
}
