import { join } from "node:path";
import { CCNF_CONFIG, NLL_CONFIG } from "@archgen/ccnf";
import type { RunContext } from "@archgen/pipeline";
import { plusMinus, table } from "@archgen/text";
import { compareObjectives, type ObjectiveResult, type ObjectivesTask } from "./objectives.js";
import { rowFigures } from "./table1-figures.js";
import { type MeasuredBundle, withMeasuring } from "./with-measuring.js";

/** The two objectives of the flow, trained on the latents of a bundle. */
export interface ObjectivesJob
	extends Omit<MeasuredBundle, "labels" | "threads">,
		Pick<ObjectivesTask, "samples" | "seeds" | "temperature" | "cells" | "heldOutCells"> {
	/** CPU minutes of each training. */
	readonly minutes: number;
	/** Folder of labels and checkpoints. */
	readonly work: string;
}

/** Trains "flow-matching" and "nll" for the same CPU time and compares them; goes on from the checkpoints of an interrupted run. */
export function reproduceObjectives(context: RunContext, job: ObjectivesJob): Promise<ObjectiveResult[]> {
	const { minutes, work, seed } = job;
	// One thread: CPU time is what is compared, and a second thread would wait as often as it works.
	const measured = { ...job, labels: join(work, "labels.jsonl"), threads: 1 };
	return withMeasuring(context, measured, (parts) =>
		compareObjectives({
			...{ ...job, ...parts, signal: context.signal },
			configs: [CCNF_CONFIG, NLL_CONFIG].map((config) => ({ ...config, seed })),
			checkpointOf: (objective) => join(work, `${objective}.safetensors`),
			training: {
				budget: 60 * minutes,
				cpuSeconds,
				progress: (title, range) => context.startProgress({ title, ...range }),
			},
		}),
	);
}

/** CPU time of all threads of this process; scoring runs in processes of its own. */
function cpuSeconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

/** What a bundle's manifest keeps, by objective. */
export function objectiveFigures(results: readonly ObjectiveResult[]): object {
	const figures = ({ objective, table1, ...rest }: ObjectiveResult) =>
		[objective, { ...rest, table1: rowFigures(table1) }] as const;
	return Object.fromEntries(results.map(figures));
}

/** A row for each objective. */
export function describeObjectives(results: readonly ObjectiveResult[]): string {
	const head = [
		...["objective", "steps", "CPU s", "held-out NLL", "success", "uniqueness", "ZC distance"],
		"predicted distance to cluster means",
	];
	return table(
		head,
		results.map(({ table1, ...result }) => [
			result.objective,
			result.steps,
			result.cpuSeconds.toFixed(0),
			`${result.heldOutNll.toFixed(1)} ± ${result.heldOutNllError.toFixed(1)}`,
			`${table1.successes}/${table1.samples}`,
			table1.uniqueness.toFixed(2),
			plusMinus(table1.zcDistance),
			result.synonyms.synonymPredictedDistance!.toFixed(2),
		]),
	);
}
