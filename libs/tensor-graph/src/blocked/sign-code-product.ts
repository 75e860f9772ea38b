import type { Tensor } from "../tensor.js";
import type { BlockedLayout, LaidOut } from "./blocked-layout.js";

const [ONNX_FLOAT, ONNX_UINT8, ONNX_INT8] = [1, 2, 3];

/**
 * X Xᵀ of the 0/1 codes X [N, …] of the signs of y with one byte for each code, which halves the time. The order of the units does not matter,
 * so that blocked values are taken as they lie; the zeros beyond the last channel count for nothing.
 */
export function signCodeProduct(layout: BlockedLayout, [y]: readonly Tensor[]): LaidOut {
	const { writer } = layout;
	const zero = writer.constant(Float32Array.of(0), [], "float32");
	const value = layout.has(y!) ? layout.blocked(y!) : layout.plain(y!);
	const positive = layout.reshape(writer.node("Greater", [value, zero]), [y!.shape[0] as number, -1]);
	const rows = writer.node("Cast", [positive], { to: ONNX_UINT8 });
	const columns = layout.transpose(writer.node("Cast", [positive], { to: ONNX_INT8 }), [1, 0]);
	return { plain: writer.node("Cast", [writer.node("MatMulInteger", [rows, columns])], { to: ONNX_FLOAT }) };
}
