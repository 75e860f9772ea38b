export { type Cell, cellDepth, createCell, parentsOf } from "./cell.js";
export { type CellJson, cellFromJson, cellToJson } from "./cell-json.js";
export { type CellWiring, cellWiring, type NodeWiring } from "./cell-wiring.js";
export { CELL_CLASSES } from "./cells/cell-tensors.js";
export { cellsSpace } from "./cells/cells-space.js";
export { afterStage, afterStem, countStage, type PartCounts, type StageInput } from "./count-stage.js";
export { type Counts, countLayer, countLayers, countNetwork, sumCounts } from "./counting.js";
export { type DartsArchitecture, dartsSpace } from "./darts/darts-space.js";
export {
	countLayerMemory,
	countMemory,
	type DeployedGraph,
	deployedGraph,
	type MemoryCounts,
	peakElements,
} from "./deployed-memory.js";
export { layerDepth } from "./depth.js";
export { cellFromGraphNet, GRAPHNET_FEATURES, GRAPHNET_NODES } from "./graphnet.js";
export { type GraphNetArchitecture, graphNetFileFromJson } from "./graphnet-file.js";
export {
	type HierarchicalArchitecture,
	REPEAT_CHANGES,
	WIDTH_FACTORS,
} from "./hierarchical/hierarchical-architecture.js";
export { hierarchicalSpace } from "./hierarchical/hierarchical-space.js";
export * from "./layer.js";
export { type ActivationKind, type ConvOptions, LayerBuilder } from "./layer-builder.js";
export { type IntegerRange, NETWORK_LIMITS } from "./limits.js";
export { type CellSite, lowerCell } from "./lower-cell.js";
export { lowerNetwork, type NetworkGraph, type Section } from "./lower-network.js";
export {
	equivalentSize,
	imageMap,
	imageOf,
	largestStride,
	macroNetwork,
	missingHalvings,
	scaledInput,
	stemStride,
	stridedStages,
	type Target,
	targetStemStride,
} from "./macro-network.js";
export { type MnasNetBlock, mnasNetBlocks, mnasNetSpace } from "./mnasnet/mnasnet-space.js";
export {
	MOBILENETV3_LAYERS,
	type MobileNetV3Architecture,
	type MobileNetV3Layer,
} from "./mobilenetv3/mobilenetv3-architecture.js";
export { mobileNetV3Space } from "./mobilenetv3/mobilenetv3-space.js";
export { mutateCell } from "./mutate-cell.js";
export {
	type NasBenchMacroChoice,
	nasBenchMacroChoices,
	nasBenchMacroSpace,
} from "./nasbench-macro/nasbench-macro-space.js";
export { type NasBench101Architecture, nasBench101Space } from "./nasbench101/nasbench101-space.js";
export {
	cellFromNasBench201,
	NASBENCH201_OPERATIONS,
	type NasBench201Operation,
	nasBench201Operations,
	nasBench201String,
} from "./nasbench201/nasbench201.js";
export { lowerNasBench201 } from "./nasbench201/nasbench201-network.js";
export { type NasBench201Architecture, nasBench201Space } from "./nasbench201/nasbench201-space.js";
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
export { taskViolations, validateNetwork } from "./network-validation.js";
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
export { randomCell, randomRawCell } from "./random-cell.js";
export { normalizeCell, RAW_NODES, type RawCell, type RawOperation } from "./raw-cell.js";
export { type SampleMeasures, sampleMeasures } from "./sample-measures.js";
export { type ArchitectureSpace, architectureKey, type SearchSpace } from "./search-space.js";
export * from "./search-spaces.js";
export { type ShapeRemark, shapeRemarks } from "./shape-remarks.js";
export { checkTarget, furtherViolations, OUTPUT_STRIDES, type SpaceLimits } from "./space-limits.js";
export { networkStructure, type Structure } from "./structure.js";
export {
	isSquareClassifier,
	sameTarget,
	targetFromJson,
	targetKey,
	targetTitle,
	targetToJson,
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
