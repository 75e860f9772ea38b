export { type Answer, type AnswerNetwork, answerFromMessage, networksOf } from "./generation/answer.js";
export { ask, type Purpose, type Question } from "./generation/ask.js";
export { askedFor } from "./generation/asked-for.js";
export { checkQuestion, inOptions, inOptionsOf } from "./generation/check-question.js";
export { describeAnswer } from "./generation/describe-answer.js";
export { type AskedFor, keepLastAnswer, writeAnswer } from "./generation/keep-answer.js";
export { describeJob, describeJobs } from "./jobs/describe-job.js";
export { followTraining } from "./jobs/follow-training.js";
export { describeEvaluations, exportHistory } from "./jobs/history.js";
export { createJob, getJob, type JobClient, jobName } from "./jobs/job-client.js";
export { JOB_STRATEGIES, type JobDescription, jobSpec, PARETO_COSTS } from "./jobs/job-spec.js";
export { readLatencyTable } from "./jobs/latency-table.js";
export { watchJob } from "./jobs/watch-job.js";
export { describeComparisons } from "./models/describe-comparisons.js";
export { type NamedNetwork, type NetworkSource, readNetworks, readOneNetwork } from "./networks.js";
export {
	type ConnectionOptions,
	connectionOf,
	type Environment,
	hasAddress,
	reach,
} from "./services/connection.js";
export {
	DEFAULT_PORTS,
	gatewayFlags,
	PROGRAMS,
	type Program,
	type ProgramName,
	SERVICES,
	type ServiceName,
} from "./services/programs.js";
export { connectScorer } from "./services/remote-scorer.js";
export { runningServices } from "./services/running-services.js";
export { type ServiceGroup, startGroup } from "./services/service-group.js";
export { type ServiceProcess, startService } from "./services/service-process.js";
export { withClient } from "./services/with-client.js";
export { VERSION } from "./version.js";
