import { Float16Array } from "@petamoriken/float16";
import type { NodeProto, TensorProto } from "./generated/onnx.js";
import { AttributeProto_AttributeType as AttributeType, ModelProto } from "./generated/onnx.js";
import { ONNX_DTYPE } from "./onnx-writer.js";

/** ONNX's number of float16, which no tensor of a graph has: it is a form of storage. */
const FLOAT16 = 10;
/** What a stored constant's name ends in; the name itself is that of the float32 value cast from it. */
const SUFFIX = "/float16";
/** Bytes from which a constant is worth it; smaller ones are epsilons and masks as often as weights. */
const SMALLEST = 1024;

/**
 * The same model with its large float32 constants stored as float16 and cast to float32 where it is loaded: half the size, computed
 * in float32 with weights rounded to 11 bits. onnxruntime casts once, when it optimises the graph.
 *
 * @throws RangeError for a constant that float16 cannot hold
 */
export function withFloat16Constants(file: Uint8Array): Uint8Array {
	const model = ModelProto.decode(file);
	const graph = model.graph!;
	const casts: NodeProto[] = [];
	const initializer = graph.initializer.map((tensor) => {
		if (tensor.dataType !== ONNX_DTYPE.float32 || tensor.rawData.length < SMALLEST) return tensor;
		casts.push(castToFloat32(tensor.name));
		return toFloat16(tensor);
	});
	return ModelProto.encode({
		...model,
		graph: { ...graph, initializer, node: [...casts, ...graph.node] },
	}).finish();
}

/** The float constants of a model by name, however they are stored. */
export function readFloatConstants(file: Uint8Array): Map<string, Float32Array> {
	return new Map([...readFloatTensors(file)].map(([name, { data }]) => [name, data]));
}

/** {@link readFloatConstants} with their shapes. */
export function readFloatTensors(file: Uint8Array): Map<string, FloatTensor> {
	const { initializer = [] } = ModelProto.decode(file).graph ?? {};
	return new Map(
		initializer.flatMap((tensor) => {
			const { name, dataType, dims } = tensor;
			const shape = dims.map(Number);
			if (dataType === ONNX_DTYPE.float32)
				return [[name, { data: new Float32Array(alignedBytes(tensor)), shape }] as const];
			if (dataType !== FLOAT16) return [];
			const data = Float32Array.from(new Float16Array(alignedBytes(tensor)));
			return [[name.slice(0, -SUFFIX.length), { data, shape }] as const];
		}),
	);
}

/** A constant of a model. */
export interface FloatTensor {
	readonly data: Float32Array;
	readonly shape: readonly number[];
}

function toFloat16(tensor: TensorProto): TensorProto {
	const values = new Float16Array(new Float32Array(alignedBytes(tensor)));
	if (!values.every(Number.isFinite)) throw new RangeError(`"${tensor.name}" has values beyond float16`);
	return {
		...tensor,
		dataType: FLOAT16,
		name: tensor.name + SUFFIX,
		rawData: Buffer.from(values.buffer, values.byteOffset, values.byteLength),
	};
}

function castToFloat32(name: string): NodeProto {
	const to = { name: "to", f: 0, i: BigInt(ONNX_DTYPE.float32), s: Buffer.alloc(0), t: undefined };
	const attribute = [{ ...to, floats: [], ints: [], strings: [], type: AttributeType.INT }];
	return { input: [name + SUFFIX], output: [name], name, opType: "Cast", attribute, domain: "" };
}

/** Copied, because a typed array must start at a multiple of its element size. */
function alignedBytes({ rawData }: TensorProto): ArrayBuffer {
	return Uint8Array.from(rawData).buffer;
}
