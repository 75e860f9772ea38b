import type { Job, JobModel, JobProblem, JobProgress, JobSpec, JobState } from "./job.js";

/** A row of `archgen.jobs` as the driver gives it. */
export interface JobRow {
	readonly id: string;
	readonly number: string;
	readonly spec: JobSpec;
	readonly state: JobState;
	readonly create_time: Date;
	readonly start_time: Date | null;
	readonly end_time: Date | null;
	readonly run_count: number;
	readonly problem: JobProblem | null;
	readonly progress: JobProgress | null;
	readonly model: JobModel | null;
	readonly executor: string;
}

/** The job of a row. */
export function jobOfRow(row: JobRow): Job {
	return {
		id: row.id,
		number: row.number,
		spec: row.spec,
		state: row.state,
		createTime: row.create_time,
		startTime: row.start_time,
		endTime: row.end_time,
		runCount: row.run_count,
		problem: row.problem,
		progress: row.progress,
		model: row.model,
		executor: row.executor,
	};
}
