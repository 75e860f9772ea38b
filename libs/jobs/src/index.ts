export { startEmbeddedPostgres } from "./embedded-postgres.js";
export type {
	Job,
	JobModel,
	JobProblem,
	JobProgress,
	JobSpec,
	JobState,
	ScoreTable,
	ScoreTableRows,
	SearchSpec,
} from "./job.js";
export type { SearchedJob } from "./job-runner.js";
export type { Probe } from "./job-session.js";
export { Jobs, type JobView, type NewJob } from "./jobs.js";
export { LazyEngine } from "./lazy-engine.js";
export { passes, patiently } from "./patience.js";
export { meterOf, modelOf, STRATEGIES, searchOptions } from "./search-options.js";
export { MAX_SUMMARY_POINTS } from "./summaries.js";
export { readTableRecord, type TableRecord } from "./table-record.js";
export { type Training, type TrainingRequest, trainingOperation } from "./training.js";
export { pretrainedFolder, requireNewVersion } from "./training-runner.js";
