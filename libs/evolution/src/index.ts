export { CELL_EVOLUTION, cellEvolution } from "./cell-evolution.js";
export { type EvolutionState, parseState, type Resume } from "./checkpoint.js";
export * from "./constraints.js";
export {
	COST_NAMES,
	type CostName,
	type Limits,
	type Measures,
	type Meter,
	objectivesOf,
} from "./costs.js";
export * from "./design.js";
export { launchToLine, parseHistory, parseLaunch, parseRecord, recordToLine } from "./history.js";
export * from "./interfaces.js";
export type { EvolutionLog, FailedLaunch, Launch } from "./log.js";
export * from "./macro-network.js";
export * from "./mutations.js";
export { type EvolutionOptions, integerViolation, resolveOptions, targetViolations } from "./options.js";
export { crowdingDistances, dominates, ParetoFront, ParetoPopulation, type Point } from "./pareto.js";
export * from "./population.js";
export type { EvolutionProgress, PopulationStatistics } from "./progress.js";
export * from "./record.js";
export * from "./run-evolution.js";
export { startDraft, startStrides, startVariants } from "./start.js";
export * from "./strategies.js";
