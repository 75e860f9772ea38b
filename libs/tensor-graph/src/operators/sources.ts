import type { TensorData } from "../onnx-writer.js";
import { elementCount, type Shape, ShapeError } from "../shape.js";
import { apply, type DType, type Operator, type Tensor } from "../tensor.js";

export interface InputAttributes {
	readonly name: string;
	readonly shape: Shape;
	readonly dtype: DType;
}

/** A value fed when the model runs. */
export const inputOperator: Operator<InputAttributes> = {
	name: "input",
	infer: (_, { shape, dtype }) => ({ shape, dtype }),
	emit: (_writer, _inputs, { name }) => name,
	gradient: () => [],
};

export interface ConstantAttributes {
	readonly data: TensorData;
	readonly shape: readonly number[];
	readonly dtype: DType;
}

/** A value stored in the model. */
export const constantOperator: Operator<ConstantAttributes> = {
	name: "constant",
	infer: (_, { shape, dtype }) => ({ shape, dtype }),
	emit: (writer, _, { data, shape, dtype }) => writer.constant(data, shape, dtype),
	gradient: () => [],
};

/** A named input of the model; its name is how it is fed. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
	return apply(inputOperator, [], { name, shape, dtype });
}

const DTYPE_ARRAYS: { readonly [D in DType]: (values: readonly number[]) => TensorData } = {
	float32: (values) => Float32Array.from(values),
	int64: (values) => BigInt64Array.from(values, BigInt),
	int32: (values) => Int32Array.from(values),
	uint8: (values) => Uint8Array.from(values),
	bool: (values) => Uint8Array.from(values),
};

/** A constant tensor in row-major order. */
export function constant(
	data: TensorData | readonly number[],
	shape: readonly number[],
	dtype: DType = "float32",
): Tensor {
	if (data.length !== elementCount(shape))
		throw new ShapeError(`${data.length} values do not fill the shape [${shape.join(", ")}]`);
	if (ArrayBuffer.isView(data) && data.constructor !== DTYPE_ARRAYS[dtype]([]).constructor)
		throw new ShapeError(`${data.constructor.name} does not hold ${dtype} values`);
	const typed = ArrayBuffer.isView(data) ? (data as TensorData) : DTYPE_ARRAYS[dtype](data);
	return apply(constantOperator, [], { data: typed, shape, dtype });
}

/** A float constant of rank 0, broadcast wherever it is used. */
export function scalar(value: number): Tensor {
	return constant([value], []);
}
