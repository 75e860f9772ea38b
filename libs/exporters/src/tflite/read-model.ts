import { ArchgenError } from "@archgen/errors";
import { ByteBuffer } from "flatbuffers";
import {
	FILE_IDENTIFIER,
	type FieldKind,
	type FieldName,
	fieldOf,
	OPERATOR_NAMES,
	OPERATORS,
	TABLES,
	type TableName,
	TENSOR_TYPES,
} from "./schema.js";
import type { TfliteModel, TfliteOperator, TfliteTensor } from "./tflite-model.js";

type ReadNumber = (buffer: ByteBuffer, position: number) => number;

const READ_NUMBER: { readonly [K in Exclude<FieldKind, "offset">]: ReadNumber } = {
	int8: (buffer, position) => buffer.readInt8(position),
	uint8: (buffer, position) => buffer.readUint8(position),
	bool: (buffer, position) => buffer.readInt8(position),
	int32: (buffer, position) => buffer.readInt32(position),
	uint32: (buffer, position) => buffer.readUint32(position),
};

/** A table of a flatbuffer. */
class Table<T extends TableName> {
	constructor(
		private readonly name: T,
		private readonly buffer: ByteBuffer,
		private readonly position: number,
	) {}

	/** A number; the schema's default where it is left out. */
	number(field: FieldName<T>): number {
		const [, kind, otherwise = 0] = fieldOf(this.name, field);
		const position = this.#find(field);
		// a field of kind "offset" is never asked for as a number
		return position === 0 ? otherwise : READ_NUMBER[kind as keyof typeof READ_NUMBER](this.buffer, position);
	}

	/** All fields of a table of numbers. */
	numbers(): Record<string, number> {
		const names = Object.keys(TABLES[this.name]) as FieldName<T>[];
		return Object.fromEntries(names.map((name) => [name, this.number(name)]));
	}

	text(field: FieldName<T>): string {
		const position = this.#find(field);
		return position === 0 ? "" : String(this.buffer.__string(position));
	}

	table<U extends TableName>(field: FieldName<T>, name: U): Table<U> {
		return new Table(name, this.buffer, this.buffer.__indirect(this.#find(field)));
	}

	tables<U extends TableName>(field: FieldName<T>, name: U): Table<U>[] {
		return this.#elements(field).map(
			(position) => new Table(name, this.buffer, this.buffer.__indirect(position)),
		);
	}

	integers(field: FieldName<T>): number[] {
		return this.#elements(field).map((position) => this.buffer.readInt32(position));
	}

	/** A copy of a vector of bytes. */
	bytes(field: FieldName<T>): Uint8Array<ArrayBuffer> {
		const { start, length } = this.#vector(field, 1);
		return this.buffer.bytes().slice(start, start + length);
	}

	/** Positions of the elements of a vector of four bytes each. */
	#elements(field: FieldName<T>): number[] {
		const { start, length } = this.#vector(field, 4);
		return Array.from({ length }, (_, i) => start + 4 * i);
	}

	/** Where a vector begins, and its length; empty where it is left out. */
	#vector(field: FieldName<T>, elementBytes: number): { readonly start: number; readonly length: number } {
		const position = this.#find(field);
		if (position === 0) return { start: 0, length: 0 };
		const start = this.buffer.__vector(position);
		const length = this.buffer.__vector_len(position);
		const room = this.buffer.capacity() - start;
		if (length < 0 || length * elementBytes > room) throw new RangeError(`${field} reaches beyond the file`);
		return { start, length };
	}

	#find(field: FieldName<T>): number {
		const offset = this.buffer.__offset(this.position, 4 + 2 * fieldOf(this.name, field)[0]);
		return offset === 0 ? 0 : this.position + offset;
	}
}

/**
 * The network in a `.tflite` file that `networkToTflite` wrote.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_TFLITE for another or a damaged file, UNSUPPORTED_TFLITE_OPERATOR for an operator
 *   that no exported network has
 */
export function readModel(file: Uint8Array): TfliteModel {
	const buffer = new ByteBuffer(file);
	if (file.length < 8 || !buffer.__has_identifier(FILE_IDENTIFIER))
		throw invalid(`it does not begin with ${FILE_IDENTIFIER}`);
	try {
		return modelOf(new Table("Model", buffer, buffer.__indirect(0)));
	} catch (cause) {
		if (cause instanceof ArchgenError) throw cause;
		throw invalid("it cannot be decoded", cause);
	}
}

function modelOf(model: Table<"Model">): TfliteModel {
	const buffers = model.tables("buffers", "Buffer").map((buffer) => buffer.bytes("data"));
	const [graph, ...others] = model.tables("subgraphs", "SubGraph");
	if (graph === undefined || others.length > 0) throw invalid("it has not exactly one graph");
	const codes = model.tables("operator_codes", "OperatorCode");
	const operators = graph.tables("operators", "Operator");
	const metadata = model
		.tables("metadata", "Metadata")
		.map((entry) => [entry.text("name"), new TextDecoder().decode(buffers[entry.number("buffer")])]);
	return {
		description: model.text("description"),
		tensors: graph.tables("tensors", "Tensor").map((tensor) => tensorOf(tensor, buffers)),
		operators: operators.map((operator) => operatorOf(operator, codes)),
		input: graph.integers("inputs")[0]!,
		output: graph.integers("outputs")[0]!,
		metadata: Object.fromEntries(metadata),
	};
}

function tensorOf(tensor: Table<"Tensor">, buffers: readonly Uint8Array<ArrayBuffer>[]): TfliteTensor {
	const shape = tensor.integers("shape");
	const named = { name: tensor.text("name"), shape };
	const bytes = buffers[tensor.number("buffer")]!;
	if (bytes.length === 0) return named;
	const Values = tensor.number("type") === TENSOR_TYPES.int32 ? Int32Array : Float32Array;
	return { ...named, data: new Values(bytes.buffer, bytes.byteOffset, bytes.length / 4) };
}

function operatorOf(operator: Table<"Operator">, codes: readonly Table<"OperatorCode">[]): TfliteOperator {
	const code = codes[operator.number("opcode_index")]!;
	const number = code.number("builtin_code");
	const name = OPERATOR_NAMES.find((candidate) => OPERATORS[candidate].code === number);
	if (name === undefined)
		throw new ArchgenError({
			category: "INVALID_ARGUMENT",
			reason: "UNSUPPORTED_TFLITE_OPERATOR",
			message: `Operator ${number} is none of those in exported networks; count it by hand.`,
		});
	const { options } = OPERATORS[name];
	return {
		operator: name,
		version: code.number("version"),
		options: options === null ? {} : operator.table("builtin_options", options).numbers(),
		inputs: operator.integers("inputs"),
		output: operator.integers("outputs")[0]!,
	};
}

function invalid(why: string, cause?: unknown): ArchgenError {
	const message = `This is not a TensorFlow Lite file of a network: ${why}.`;
	return new ArchgenError({ category: "INVALID_ARGUMENT", reason: "INVALID_TFLITE", message, cause });
}
