import {
	type BlockedLayout,
	matMul,
	reshape,
	step,
	type Tensor,
	transpose,
	withBlockedForm,
} from "@archgen/tensor-graph";

/**
 * X Xᵀ of the 0/1 codes X [N, …] of a layer's signs, [N, N]: element (i, j) counts the units that are positive for both
 * images. Exact up to 2²⁴ units.
 */
export function codeProduct(y: Tensor): Tensor {
	const [batch, ...rest] = y.shape as number[];
	const codes = reshape(step(y), [batch!, rest.reduce((a, b) => a * b, 1)]);
	return withBlockedForm(matMul(codes, transpose(codes)), [y], (layout) => ({
		plain: byteProduct(layout, y),
	}));
}

/**
 * The same with one byte for each code, which halves the time. The order of the units does not matter, so that blocked values are
 * taken as they lie; the zeros beyond the last channel count for nothing.
 */
function byteProduct(layout: BlockedLayout, y: Tensor): string {
	const { writer } = layout;
	const zero = writer.constant(Float32Array.of(0), [], "float32");
	const value = layout.has(y) ? layout.blocked(y) : layout.plain(y);
	const positive = layout.reshape(writer.node("Greater", [value, zero]), [y.shape[0] as number, -1]);
	const rows = writer.node("Cast", [positive], { to: ONNX_UINT8 });
	const columns = layout.transpose(writer.node("Cast", [positive], { to: ONNX_INT8 }), [1, 0]);
	return writer.node("Cast", [writer.node("MatMulInteger", [rows, columns])], { to: ONNX_FLOAT });
}

const [ONNX_FLOAT, ONNX_UINT8, ONNX_INT8] = [1, 2, 3];
