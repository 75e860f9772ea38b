import { invalidArgument } from "@archgen/errors";
import { Builder } from "flatbuffers";
import {
	BUFFER_ALIGNMENT,
	BUILTIN_OPTIONS,
	FILE_IDENTIFIER,
	type FieldKind,
	type FieldName,
	fieldOf,
	OPERATORS,
	SCHEMA_VERSION,
	TABLES,
	type TableName,
	TENSOR_TYPES,
} from "./schema.js";
import type { TfliteModel, TfliteOperator, TfliteTensor } from "./tflite-model.js";

/** Flatbuffers count offsets with 31 bits. */
const LARGEST_FILE = 2 ** 31 - 2 ** 24;
/** Where the schema keeps codes of up to 127 for older readers. */
const LARGEST_DEPRECATED_CODE = 127;
const BYTES_PER_ENTRY = 256;

type AddField = (builder: Builder, slot: number, value: number, otherwise: number) => void;

const ADD_FIELD: { readonly [K in FieldKind]: AddField } = {
	int8: (builder, ...field) => builder.addFieldInt8(...field),
	uint8: (builder, ...field) => builder.addFieldInt8(...field),
	bool: (builder, ...field) => builder.addFieldInt8(...field),
	int32: (builder, ...field) => builder.addFieldInt32(...field),
	uint32: (builder, ...field) => builder.addFieldInt32(...field),
	offset: (builder, ...field) => builder.addFieldOffset(...field),
};

/**
 * A network as the bytes of a `.tflite` file. Data of constants begins at multiples of 16 bytes. The same model gives the same bytes.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason EXPORT_TOO_LARGE, where constants exceed the 2 GiB of a flatbuffer
 */
export function writeModel(model: TfliteModel): Uint8Array {
	const builder = new Builder(sizeOf(model));
	const contents = bufferContents(model);
	const buffers = contents.map((bytes) => writeBuffer(builder, bytes));
	const codes = operatorCodes(model);
	const root = table(builder, "Model", {
		version: SCHEMA_VERSION,
		operator_codes: offsets(
			builder,
			codes.map(({ operator, version }) => writeCode(builder, operator, version)),
		),
		subgraphs: offsets(builder, [writeGraph(builder, model, codes)]),
		description: builder.createString(model.description),
		buffers: offsets(builder, buffers),
		metadata: offsets(builder, writeMetadata(builder, model, contents.length)),
		signature_defs: offsets(builder, [writeSignature(builder, model)]),
	});
	builder.finish(root, FILE_IDENTIFIER);
	return builder.asUint8Array().slice();
}

/** Upper bound of the file's size, so that the builder never grows. */
function sizeOf({ tensors, operators, metadata }: TfliteModel): number {
	const data = tensors.reduce((total, { data }) => total + (data?.byteLength ?? 0), 0);
	if (data > LARGEST_FILE) {
		const why = `has ${data} bytes of constants, a TensorFlow Lite file at most 2 GiB; export it as ONNX.`;
		throw invalidArgument("network", why, "EXPORT_TOO_LARGE");
	}
	return data + BYTES_PER_ENTRY * (tensors.length + operators.length + Object.keys(metadata).length + 4);
}

/** Buffer 0 is empty by the schema; then one for each constant, then one for each text. */
function bufferContents({ tensors, metadata }: TfliteModel): Uint8Array[] {
	const constants = tensors.flatMap(({ data }) =>
		data === undefined ? [] : [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
	);
	return [
		new Uint8Array(0),
		...constants,
		...Object.values(metadata).map((text) => new TextEncoder().encode(text)),
	];
}

function writeBuffer(builder: Builder, bytes: Uint8Array): number {
	if (bytes.length === 0) return table(builder, "Buffer", {});
	builder.prep(BUFFER_ALIGNMENT, bytes.length);
	return table(builder, "Buffer", { data: builder.createByteVector(bytes) });
}

type Code = Pick<TfliteOperator, "operator" | "version">;

/** Each pair of operator and version once, in order of first use. */
function operatorCodes({ operators }: TfliteModel): Code[] {
	return [
		...new Map(
			operators.map(({ operator, version }) => [`${operator} ${version}`, { operator, version }]),
		).values(),
	];
}

function writeCode(builder: Builder, operator: Code["operator"], version: number): number {
	const { code } = OPERATORS[operator];
	return table(builder, "OperatorCode", {
		deprecated_builtin_code: Math.min(code, LARGEST_DEPRECATED_CODE),
		version,
		builtin_code: code,
	});
}

function writeGraph(builder: Builder, model: TfliteModel, codes: readonly Code[]): number {
	let buffer = 0;
	const tensors = model.tensors.map((tensor) =>
		writeTensor(builder, tensor, tensor.data === undefined ? 0 : ++buffer),
	);
	const operators = model.operators.map((operator) => writeOperator(builder, operator, codes));
	return table(builder, "SubGraph", {
		tensors: offsets(builder, tensors),
		inputs: integers(builder, [model.input]),
		outputs: integers(builder, [model.output]),
		operators: offsets(builder, operators),
		name: builder.createString("main"),
	});
}

function writeTensor(builder: Builder, { name, shape, data }: TfliteTensor, buffer: number): number {
	return table(builder, "Tensor", {
		shape: integers(builder, shape),
		type: data instanceof Int32Array ? TENSOR_TYPES.int32 : TENSOR_TYPES.float32,
		buffer,
		name: builder.createString(name),
	});
}

function writeOperator(
	builder: Builder,
	{ operator, version, options, inputs, output }: TfliteOperator,
	codes: readonly Code[],
): number {
	const { options: name } = OPERATORS[operator];
	return table(builder, "Operator", {
		opcode_index: codes.findIndex((code) => code.operator === operator && code.version === version),
		inputs: integers(builder, inputs),
		outputs: integers(builder, [output]),
		...(name !== null && {
			builtin_options_type: BUILTIN_OPTIONS[name],
			builtin_options: table(builder, name, options),
		}),
	});
}

function writeMetadata(builder: Builder, { metadata }: TfliteModel, buffers: number): number[] {
	const names = Object.keys(metadata);
	return names.map((name, i) =>
		table(builder, "Metadata", { name: builder.createString(name), buffer: buffers - names.length + i }),
	);
}

function writeSignature(builder: Builder, { tensors, input, output }: TfliteModel): number {
	const port = (index: number) =>
		offsets(builder, [
			table(builder, "TensorMap", {
				name: builder.createString(tensors[index]!.name),
				tensor_index: index,
			}),
		]);
	return table(builder, "SignatureDef", {
		inputs: port(input),
		outputs: port(output),
		signature_key: builder.createString("serving_default"),
	});
}

/** Writes a table; fields that equal their default are left out. Whatever it refers to is written before. */
function table<T extends TableName>(
	builder: Builder,
	name: T,
	fields: Readonly<Partial<Record<FieldName<T>, number>>>,
): number {
	builder.startObject(1 + Math.max(-1, ...Object.values(TABLES[name]).map(([slot]) => slot)));
	for (const [field, value] of Object.entries(fields as Readonly<Record<string, number>>)) {
		const [slot, kind, otherwise = 0] = fieldOf(name, field as FieldName<T>);
		ADD_FIELD[kind](builder, slot, value, otherwise);
	}
	return builder.endObject();
}

function offsets(builder: Builder, values: readonly number[]): number {
	builder.startVector(4, values.length, 4);
	for (const value of values.toReversed()) builder.addOffset(value);
	return builder.endVector();
}

function integers(builder: Builder, values: readonly number[]): number {
	builder.startVector(4, values.length, 4);
	for (const value of values.toReversed()) builder.addInt32(value);
	return builder.endVector();
}
