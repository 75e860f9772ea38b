export {
	EXPORT_FORMATS,
	EXPORTERS,
	type Exporter,
	type ExportFormat,
} from "./exporter.js";
export { networkToJsonText } from "./json.js";
export { livelyParameters } from "./lively-parameters.js";
export type { SpaceNetwork } from "./network-subject.js";
export { countOnnx } from "./onnx/count-onnx.js";
export type { NetworkTensors } from "./onnx/network-tensors.js";
export { layersToOnnx } from "./onnx/onnx.js";
export type { NetworkFacts } from "./project/network-facts.js";
export { networkToProject, networkToProjectArchive } from "./project/project.js";
export { networkToPyTorch } from "./pytorch/pytorch.js";
export type {
	CellLayout,
	PlacedEdge,
	PlacedNode,
	Point,
} from "./svg/cell-layout.js";
export { countTflite, type TfliteCounts } from "./tflite/count-tflite.js";
export { layersToTflite } from "./tflite/tflite.js";
export type { ExportOptions } from "./weights.js";
