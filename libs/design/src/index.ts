export {
	CELL_TEMPERATURES,
	type CellDrawOptions,
	type CellFailure,
	type CellGenerator,
	type CellRequest,
	type CellTemperatures,
	drawByKind,
	isCellFailure,
	RANDOM_CELLS,
	RANDOM_CLUSTERS,
} from "./cell-generator.js";
export type { Condition, ConditionField } from "./condition.js";
export {
	type BoundedCount,
	type BoundedCounts,
	boundedCounter,
	boundsMemory,
	CONSTRAINT_NAMES,
	type ConstraintCheck,
	type ConstraintName,
	type Constraints,
	checkConstraints,
	constraintViolations,
	countBounded,
	countGraph,
	countsMore,
	isBounded,
	upperBounds,
	validateConstraints,
} from "./constraints.js";
export {
	DEVICE_PRESETS,
	type DeviceClass,
	type DevicePreset,
	presetConstraints,
} from "./device-presets.js";
export { addDrops, type DropCounts } from "./drop-counts.js";
export { type DepthTask, type FilledSequence, fitDepth } from "./fit-depth.js";
export { cellCount, roundChannels, smallestNetwork } from "./macro-network.js";
export {
	assertMacroSequence,
	cellRequestOf,
	MACRO_LIMITS,
	type MacroSequence,
	type MacroStage,
	networkOf,
} from "./macro-sequence.js";
export {
	type NetworkScorer,
	type NetworkScores,
	objectivesOf,
	type ScoreOutcome,
	scoreAll,
} from "./network-scorer.js";
export { SEQUENCE_TEMPERATURE, type SequenceGenerator, type SequenceRequest } from "./sequence-generator.js";
export { integerViolation, targetViolations } from "./violations.js";
export { ZC_COLUMNS, ZC_LOG, type ZcVector, zcDistance, zcRow } from "./zc-vector.js";
