import { existsSync } from "node:fs";
import { withFileLock } from "@archgen/files";
import type { Profile } from "../profiles.js";
import type { Progress, RunContext } from "../run-context.js";
import type { Stage, StageReport, Workspace } from "./workspace.js";

/** What every training step is given. */
export interface StageContext {
	readonly cli: RunContext;
	readonly profile: Profile;
	readonly work: Workspace;
	/** Label file of the user; only the mixture reads it, later steps use its snapshot. */
	readonly labels: string;
	/** Scoring processes, or threads of a trainer. */
	readonly workers: number;
	/** True to throw checkpoints of this step away first. */
	readonly restart: boolean;
}

/** What a step found out; the caller adds the time. */
export type StageResult = Omit<StageReport, "seconds" | "stage">;

/** One step of the training: reads what earlier ones wrote, writes its own folder. */
export interface TrainingStage {
	readonly description: string;
	run(context: StageContext): Promise<StageResult>;
}

/** Runs a step and writes its report; two processes at once are refused. */
export async function runStage(
	name: Stage,
	stage: TrainingStage,
	context: StageContext,
): Promise<StageReport> {
	const began = performance.now();
	const { work, cli } = context;
	const run = () => stage.run(context);
	// A folder that is not there yet has no other writer; a step that lacks its inputs should not make it.
	const result = existsSync(work.root) ? await withFileLock(work.path(name), cli.signal, run) : await run();
	const report = { stage: name, ...result, seconds: Math.round((performance.now() - began) / 100) / 10 };
	await context.work.writeReport(report);
	return report;
}

/** A callback for trainers that draws their progress with the given metrics beside it. */
export function trainingProgress(
	{ cli }: Pick<StageContext, "cli">,
	title: string,
	options: { readonly total: number; readonly start: number },
): Progress & { onProgress(step: number, total: number, metrics: Readonly<Record<string, number>>): void } {
	const progress = cli.startProgress({ title, ...options });
	return {
		...progress,
		onProgress: (step, _total, metrics) => progress.update(step, noteOf(metrics)),
	};
}

function noteOf(metrics: Readonly<Record<string, number>>): string {
	return Object.entries(metrics)
		.map(([name, value]) => `${name} ${value.toPrecision(4)}`)
		.join(" ");
}
