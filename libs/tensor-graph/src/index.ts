export { blockedRewrite } from "./blocked/blocked-rewrite.js";
export { detectChannelBlock } from "./blocked/detect-channel-block.js";
export {
	type FloatTensor,
	readFloatConstants,
	readFloatTensors,
	withFloat16Constants,
} from "./float16-storage.js";
export type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from "./generated/onnx.js";
export { ModelProto } from "./generated/onnx.js";
export { type Cotangent, gradients, vectorJacobianProduct } from "./gradient.js";
export * from "./layers/activations.js";
export * from "./layers/convolution.js";
export * from "./layers/dense.js";
export * from "./layers/linear.js";
export * from "./layers/losses.js";
export * from "./layers/normalization.js";
export * from "./layers/sinusoidal.js";
export * from "./model.js";
export { ONNX_IR_VERSION, ONNX_OPSET, type TensorData } from "./onnx-writer.js";
export * from "./operators/index.js";
export * from "./parameters.js";
export { createInlineRuntime, type InlineRuntimeOptions } from "./runtime/inline-runtime.js";
export { type NodeTime, type ProfileOptions, profileNodes } from "./runtime/profile-nodes.js";
export * from "./runtime/runtime.js";
export {
	type PooledModel,
	type Resident,
	type ResidentHome,
	SessionPool,
	type SessionPoolOptions,
} from "./runtime/session-pool.js";
export { WaitingLine, type WaitingLineOptions } from "./runtime/waiting-line.js";
export * from "./safetensors.js";
export * from "./shape.js";
export { type DType, type Operator, Tensor } from "./tensor.js";
export { type OpenTensors, type TensorEntry, withTensorFile } from "./tensor-file.js";
export * from "./training/adamw.js";
export * from "./training/fit.js";
export * from "./training/trainer.js";
