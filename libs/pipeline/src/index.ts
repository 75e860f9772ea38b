export { loadCellGenerator, loadVectorDraws } from "./cells/cell-generators.js";
export {
	bundleCellFiles,
	type CellModelFiles,
	type CellModels,
	loadCellModels,
	type VectorModels,
} from "./cells/cell-models.js";
export { LocalSequences } from "./cells/local-sources.js";
export { synonymCells } from "./cells/synonym-cells.js";
export { drawSynonyms, type SynonymDraw } from "./cells/synonyms.js";
export { type VectorDraw, vectorCells } from "./cells/vector-cells.js";
export { type VectorSource, vectorSource } from "./diffusion/cell-vectors.js";
export { parseCondition, parseConditionTarget, TOP_SHARE } from "./diffusion/condition-options.js";
export {
	denoiserLabels,
	describeConditions,
	type LabelOptions,
	learntConditions,
} from "./diffusion/denoiser-options.js";
export { describeSamples } from "./diffusion/describe-samples.js";
export {
	findDevice,
	findPredictor,
	type GuideOption,
	latencyDevices,
	parseGuide,
} from "./diffusion/find-predictors.js";
export { fitPredictor, type PredictorJob } from "./diffusion/fit-predictor.js";
export { type PropertyTableFile, readPropertyTable } from "./diffusion/read-property-table.js";
export {
	type DiscreteSampleJob,
	type SampleChunks,
	type SampleJob,
	type ScoreSampleJob,
	type StrongGuide,
	sampleByDenoiser,
	sampleByScore,
} from "./diffusion/sample.js";
export { sampleReport } from "./diffusion/sample-report.js";
export { SAMPLING, type SamplingOptions, SCORE_SAMPLERS } from "./diffusion/sampling-kinds.js";
export {
	openSpaceBundle,
	readSpaceGenerators,
	requirePart,
	type SpaceGenerators,
} from "./diffusion/space-bundle.js";
export {
	type DenoiserJob,
	type DenoiserLabels,
	type DenoiserReport,
	trainDenoiserFolder,
} from "./diffusion/train-denoiser-folder.js";
export { trainScoreFolder } from "./diffusion/train-score-folder.js";
export {
	type DenoiserFolder,
	type PredictorFolder,
	readDenoiser,
	readPredictor,
	readScore,
	type ScoreFolder,
} from "./diffusion/trained-files.js";
export { type GeneratorParts, writeSpaceBundle } from "./diffusion/write-space-bundle.js";
export { type ExportTask, exportNetwork, exportProject } from "./export/export-network.js";
export { appendJsonLine, repairJsonLines, startJsonLines } from "./files/json-lines.js";
export { type DrawnCell, drawCells } from "./labels/draw-cells.js";
export { KEPT_LABELS, RELEASED_ARCHITECTURES } from "./labels/kept-labels.js";
export { type LabellingOptions, labelCells } from "./labels/label-cells.js";
export {
	appendLabel,
	isMeasured,
	type Label,
	labelHeader,
	openLabels,
	packLabels,
	readLabels,
} from "./labels/label-file.js";
export { labelRandomCells, type RandomCellsJob } from "./labels/label-random-cells.js";
export { type MachineProfile, type ProfileJob, profileMachine } from "./latency/profile-machine.js";
export { bundleFacts, describeManifest, describeVersions } from "./models/describe-bundle.js";
export { loadLocalGenerator } from "./models/local-generator.js";
export { validateModels } from "./models/validate-models.js";
export { PROFILES, profileOf } from "./profiles.js";
export { resumable } from "./resumable.js";
export type { Progress, ProgressOptions, RunContext } from "./run-context.js";
export { proxyScoring } from "./scoring/proxy-scoring.js";
export { recordScore } from "./scoring/record-score.js";
export {
	BN_MODES,
	type BnModeChoice,
	DEFAULT_PROXIES,
	describeScores,
	type ScoredNetwork,
	type Scores,
	scoreWithLayers,
} from "./scoring/score-report.js";
export { type ProxyScorer, scoreTwice } from "./scoring/score-twice.js";
export { fullScoring, type SearchScoring, searchScoring } from "./scoring/search-scoring.js";
export {
	atScoringSize,
	type FurtherScores,
	fitShapeModels,
	furtherKey,
	type KeptNetwork,
	keptNetworks,
} from "./scoring/shape-groups.js";
export { readHistory } from "./search/history-file.js";
export { CpuClock, runSearch, type Search } from "./search/run-search.js";
export { type SearchCells, type SearchCellsOptions, searchCells } from "./search/search-cells.js";
export { describeSearch, searchSummary } from "./search/search-summary.js";
export { encodeRandomCells } from "./training/encode-random-cells.js";
export { fitGvae } from "./training/fit-gvae.js";
export { type GvaeParts, splitCells } from "./training/gvae-parts.js";
export { type LabelledCells, readLabelledCells } from "./training/labelled-cells.js";
export { measureCcnf } from "./training/measure-ccnf.js";
export {
	type RefreshOptions,
	type RefreshTask,
	refreshBundle,
	refreshTask,
} from "./training/refresh-bundle.js";
export { runStage, type TrainingStage } from "./training/stage.js";
export { trainCcnf } from "./training/train-ccnf.js";
export { trainGvae } from "./training/train-gvae.js";
export { trainHistories } from "./training/train-histories.js";
export { trainMixture } from "./training/train-mixture.js";
export { trainSeqgen } from "./training/train-seqgen.js";
export { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./training/trainer-checkpoint.js";
export { fingerprint, STAGES, type Stage, type StageReport, Workspace } from "./training/workspace.js";
export { type NewVersion, writeVersion } from "./training/write-version.js";
