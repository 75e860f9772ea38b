export type { SharedPass } from "./evidence.js";
export type { BatchNormMode } from "./layer-expressions.js";

export {
	aggregateObjective,
	DEFAULT_OBJECTIVE,
	DEFAULT_SEARCH_PROXY_TEXT,
	defaultSearchProxy,
	isObjectiveName,
	OBJECTIVE_NAMES,
	OBJECTIVES,
	type ObjectiveName,
	type ObjectiveSpec,
	usualDepth,
	usualParameters,
	withUsualDepth,
} from "./objectives.js";
export type { CostClass, ProxyResult, ProxySpec } from "./proxy.js";
export { isProxyName, PROXIES, PROXY_NAMES, type ProxyName } from "./proxy-table.js";
export { type Ranking, rankingsOf } from "./rankings.js";
export type { SaliencySums } from "./saliency.js";
export {
	type LayerReport,
	type ScoreReport,
	type ScoreRequest,
	scoreNetwork,
	scoringSelection,
	ZC_PROXIES,
	zcVector,
} from "./score-network.js";
export { requireScoringMemory, type ScoringLoadRequest } from "./scoring-memory.js";
export { type ScoringLoad, ScoringPool, type ScoringPoolOptions } from "./scoring-pool.js";
export type { DetachedSection } from "./section.js";
export { SectionCache } from "./section-cache.js";
export type { SectionPass } from "./section-models.js";
export {
	fitShapeModel,
	predictByShapes,
	type ShapeGroup,
	type ShapeModel,
	shapeMeans,
	shapeSums,
} from "./shapes/shape-model.js";
export { predictionOf, type ShapeObjective } from "./shapes/shape-models.js";
export { SHAPE_WEIGHTS } from "./shapes/shape-weights.js";
export type { Subject } from "./subject.js";
export {
	expectedLogit,
	FAULT_COSTS,
	type Faults,
	faultsOf,
	SOUND_LOGIT,
	TCET_SHARE,
} from "./trained-fit.js";
