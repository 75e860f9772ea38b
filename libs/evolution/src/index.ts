export { BAYESIAN_SEARCH } from "./bayesian-search.js";
export { CELL_EVOLUTION, cellEvolution } from "./cell-evolution.js";
export { type EvolutionState, parseState, type Resume } from "./checkpoint.js";
export type { CostName, Limits, Measures, Meter } from "./costs.js";
export * from "./design.js";
export { launchToLine, parseHistory, parseLaunch, parseRecord, recordToLine } from "./history.js";
export {
	type EvaluationFacts,
	HistorySummarizer,
	type HistorySummary,
	type PopulationPoint,
	type SummaryPoint,
} from "./history-summary.js";
export type { EvolutionLog, FailedLaunch, Launch } from "./log.js";
export * from "./mutations.js";
export { type EvolutionOptions, resolveOptions } from "./options.js";
export { type HistoryOptions, requireOwnHistory } from "./own-history.js";
export { ParetoFront, type Point } from "./pareto.js";
export * from "./population.js";
export { type EvolutionProgress, type PopulationStatistics, populationStatistics } from "./progress.js";
export * from "./record.js";
export * from "./run-evolution.js";
export * from "./strategies.js";
