export { type Cell, createCell } from "./cell.js";
export { type CellJson, cellFromJson, cellToJson } from "./cell-json.js";
export { type CellWiring, cellWiring, type NodeWiring } from "./cell-wiring.js";
export { CELL_CLASSES } from "./cells/cell-tensors.js";
export { cellsSpace } from "./cells/cells-space.js";
export { afterStage, afterStem, countStage, type PartCounts, type StageInput } from "./count-stage.js";
export { type Counts, countLayer, countLayers, countNetwork } from "./counting.js";
export type { DartsArchitecture } from "./darts/darts-space.js";
export {
	countLayerMemory,
	countMemory,
	type DeployedGraph,
	deployedGraph,
	type MemoryCounts,
	peakElements,
} from "./deployed-memory.js";
export { layerDepth } from "./depth.js";
export { cellFromGraphNet } from "./graphnet.js";
export { type GraphNetArchitecture, graphNetFileFromJson } from "./graphnet-file.js";
export {
	type HierarchicalArchitecture,
	REPEAT_CHANGES,
	WIDTH_FACTORS,
} from "./hierarchical/hierarchical-architecture.js";
export * from "./layer.js";
export { type ActivationKind, type ConvOptions, LayerBuilder } from "./layer-builder.js";
export { type IntegerRange, NETWORK_LIMITS } from "./limits.js";
export { type CellSite, lowerCell } from "./lower-cell.js";
export { lowerNetwork, type NetworkGraph, type Section } from "./lower-network.js";
export {
	equivalentSize,
	imageMap,
	largestStride,
	macroNetwork,
	missingHalvings,
	scaledInput,
	stemStride,
	stridedStages,
	type Target,
	targetStemStride,
} from "./macro-network.js";
export type { MnasNetBlock } from "./mnasnet/mnasnet-space.js";
export type {
	MobileNetV3Architecture,
	MobileNetV3Layer,
} from "./mobilenetv3/mobilenetv3-architecture.js";
export { mutateCell } from "./mutate-cell.js";
export type { NasBenchMacroChoice } from "./nasbench-macro/nasbench-macro-space.js";
export type { NasBench101Architecture } from "./nasbench101/nasbench101-space.js";
export {
	cellFromNasBench201,
	NASBENCH201_OPERATIONS,
	type NasBench201Operation,
	nasBench201Operations,
} from "./nasbench201/nasbench201.js";
export { lowerNasBench201 } from "./nasbench201/nasbench201-network.js";
export type { NasBench201Architecture } from "./nasbench201/nasbench201-space.js";
export {
	type AlphaOptions,
	alphaNetwork,
	type Network,
	type NetworkInput,
	type Stage,
	type Stride,
} from "./network.js";
export { networkHash } from "./network-hash.js";
export { type NetworkJson, networkFromJson, networkToJson } from "./network-json.js";
export { validateNetwork } from "./network-validation.js";
export * from "./operation.js";
export {
	OPERATION_TABLE,
	type OperationSite,
	type OperationSpec,
	operationTitle,
} from "./operation-table.js";
export {
	initializeParameters,
	type LayerParameter,
	layerParameters,
	type ParameterKind,
	parameterSpecs,
} from "./parameters.js";
export { randomCell } from "./random-cell.js";
export { RAW_NODES, type RawCell, type RawOperation } from "./raw-cell.js";
export { type SampleMeasures, sampleMeasures } from "./sample-measures.js";
export { type ArchitectureSpace, architectureKey, type SearchSpace } from "./search-space.js";
export * from "./search-spaces.js";
export { SectionCounter } from "./section-counter.js";
export { type ShapeRemark, shapeRemarks } from "./shape-remarks.js";
export { furtherViolations, OUTPUT_STRIDES, type SpaceLimits } from "./space-limits.js";
export { networkStructure, type Structure } from "./structure.js";
export {
	isSquareClassifier,
	sameTarget,
	targetKey,
	targetTitle,
} from "./target-json.js";
export * from "./task.js";
export { taskTitle } from "./task-title.js";
export * from "./tensors.js";
export {
	coveredAt,
	type WindowLayer,
	type WindowPadding,
	windowAxes,
	windowPadding,
} from "./window-padding.js";
