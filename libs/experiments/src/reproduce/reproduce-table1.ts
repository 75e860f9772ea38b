import type { RunContext } from "@archgen/pipeline";
import { type Table1, type Table1Task, table1 } from "./table1.js";
import { type MeasuredBundle, withMeasuring } from "./with-measuring.js";

/** Table 1 of a bundle. */
export interface Table1Job
	extends Omit<MeasuredBundle, "threads">,
		Omit<Table1Task, "models" | "measuring" | "signal"> {}

/** Table 1 of a bundle; goes on with the labels of an interrupted run. */
export function reproduceTable1(context: RunContext, job: Table1Job): Promise<Table1> {
	return withMeasuring(context, { ...job, threads: job.workers }, ({ models, measuring }) =>
		table1({ ...job, models, measuring, signal: context.signal }),
	);
}
