export type { BudgetOracle, BudgetOracleOptions } from "./budget-oracle.js";
export { loadSequenceCheckpoint, saveSequenceCheckpoint } from "./checkpoint.js";
export {
	type BinScale,
	type ConditionScales,
	DEFAULT_SCALES,
} from "./condition.js";
export type { CountVector } from "./count-vector.js";
export {
	DEFAULT_KEEP,
	examplesFromHistory,
	type HistoryEntry,
	rankWeight,
	type SequenceExample,
	type SequenceSplit,
	splitExamples,
} from "./examples.js";
export type { GptNeoInputs, GptNeoOutputs } from "./gpt-neo.js";
export type { GptNeoConfig } from "./gpt-neo-config.js";
export { readGptNeoConfig } from "./gpt-neo-folder.js";
export {
	gptNeoParameters,
	servedWeights,
	type TrainingGraph,
} from "./gpt-neo-graphs.js";
export type { PartialSequence } from "./grammar.js";
export {
	extendVocabulary,
	readVocabulary,
	type SequenceModel,
	writeModelFolder,
} from "./model-folder.js";
export { readPretrained } from "./pretrained.js";
export {
	type DecodingRequest,
	GptNeoGenerator,
	type GptNeoGeneratorOptions,
} from "./sequence-generator.js";
export type { GuardedBudget } from "./sequence-mask.js";
export { Generator } from "./serving/generator.js";
export type { GenerationTask } from "./serving/messages.js";
export { TaskRunner } from "./serving/task-runner.js";
export { countedCells, type Exemplar, type StageCells, withStageCells } from "./stage-cells.js";
export {
	type BestModel,
	type SequenceCheckpoint,
	type SequenceTrainingHooks,
	type TrainedSequenceGenerator,
	trainSequenceGenerator,
} from "./train.js";
export { DEFAULT_SEQUENCE_TRAINING, type SequenceTrainingConfig } from "./training-config.js";
export { sequenceLoss } from "./validation.js";
export {
	DEFAULT_VOCABULARY,
	type Token,
	type TokenKind,
	Vocabulary,
	type VocabularyConfig,
} from "./vocabulary.js";
