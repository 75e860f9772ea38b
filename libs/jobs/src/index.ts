export { startEmbeddedPostgres } from "./embedded-postgres.js";
export type { Job, JobModel, JobProblem, JobProgress, JobSpec, JobState, SearchSpec } from "./job.js";
export type { Probe } from "./job-session.js";
export { Jobs, type JobView } from "./jobs.js";
export { LazyEngine } from "./lazy-engine.js";
export { passes, patiently } from "./patience.js";
export { meterOf, modelOf, STRATEGIES, searchOptions } from "./search-options.js";
export { type Training, type TrainingRequest, trainingOperation } from "./training.js";
export { requireNewVersion } from "./training-runner.js";
