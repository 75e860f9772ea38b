/** How a field of a table is stored; `offset` leads to a table, a text or a vector. */
export type FieldKind = "int8" | "uint8" | "int32" | "uint32" | "bool" | "offset";

/** A field: its slot in the schema, how it is stored, and its value where it is left out (0 unless given). */
type Field = readonly [slot: number, kind: FieldKind, otherwise?: number];

/**
 * Tables of TensorFlow Lite's schema, version 3 (`schema.fbs` of LiteRT), with the fields that exported networks use. Names are
 * the schema's.
 */
export const TABLES = {
	Model: {
		version: [0, "uint32"],
		operator_codes: [1, "offset"],
		subgraphs: [2, "offset"],
		description: [3, "offset"],
		buffers: [4, "offset"],
		metadata: [6, "offset"],
		signature_defs: [7, "offset"],
	},
	OperatorCode: {
		deprecated_builtin_code: [0, "int8"],
		version: [2, "int32", 1],
		builtin_code: [3, "int32"],
	},
	SubGraph: {
		tensors: [0, "offset"],
		inputs: [1, "offset"],
		outputs: [2, "offset"],
		operators: [3, "offset"],
		name: [4, "offset"],
	},
	Tensor: {
		shape: [0, "offset"],
		type: [1, "int8"],
		buffer: [2, "uint32"],
		name: [3, "offset"],
	},
	Buffer: { data: [0, "offset"] },
	Operator: {
		opcode_index: [0, "uint32"],
		inputs: [1, "offset"],
		outputs: [2, "offset"],
		builtin_options_type: [3, "uint8"],
		builtin_options: [4, "offset"],
	},
	Metadata: { name: [0, "offset"], buffer: [1, "uint32"] },
	SignatureDef: { inputs: [0, "offset"], outputs: [1, "offset"], signature_key: [2, "offset"] },
	TensorMap: { name: [0, "offset"], tensor_index: [1, "uint32"] },
	Conv2DOptions: {
		padding: [0, "int8"],
		stride_w: [1, "int32"],
		stride_h: [2, "int32"],
		fused_activation_function: [3, "int8"],
		dilation_w_factor: [4, "int32", 1],
		dilation_h_factor: [5, "int32", 1],
	},
	DepthwiseConv2DOptions: {
		padding: [0, "int8"],
		stride_w: [1, "int32"],
		stride_h: [2, "int32"],
		depth_multiplier: [3, "int32"],
		fused_activation_function: [4, "int8"],
		dilation_w_factor: [5, "int32", 1],
		dilation_h_factor: [6, "int32", 1],
	},
	Pool2DOptions: {
		padding: [0, "int8"],
		stride_w: [1, "int32"],
		stride_h: [2, "int32"],
		filter_width: [3, "int32"],
		filter_height: [4, "int32"],
		fused_activation_function: [5, "int8"],
	},
	FullyConnectedOptions: { fused_activation_function: [0, "int8"] },
	AddOptions: { fused_activation_function: [0, "int8"] },
	MulOptions: { fused_activation_function: [0, "int8"] },
	SubOptions: { fused_activation_function: [0, "int8"] },
	ReducerOptions: { keep_dims: [0, "bool"] },
	ReshapeOptions: {},
	PadOptions: {},
	HardSwishOptions: {},
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** Name of a table. */
export type TableName = keyof typeof TABLES;

/** Names of the fields of a table. */
export type FieldName<T extends TableName> = keyof (typeof TABLES)[T] & string;

/** A field of a table. */
export function fieldOf<T extends TableName>(table: T, name: FieldName<T>): Field {
	return (TABLES[table] as Readonly<Record<string, Field>>)[name]!;
}

/** Members of the union `BuiltinOptions` that are used. */
export const BUILTIN_OPTIONS = {
	Conv2DOptions: 1,
	DepthwiseConv2DOptions: 2,
	Pool2DOptions: 5,
	FullyConnectedOptions: 8,
	AddOptions: 11,
	ReshapeOptions: 17,
	MulOptions: 21,
	PadOptions: 22,
	ReducerOptions: 27,
	SubOptions: 28,
	HardSwishOptions: 91,
} as const satisfies { readonly [T in TableName]?: number };

/** Name of a table of options. */
export type OptionsName = keyof typeof BUILTIN_OPTIONS;

/** The operators of exported networks: number in `BuiltinOperator`, and table of options where there is one. */
export const OPERATORS = {
	ADD: { code: 0, options: "AddOptions" },
	AVERAGE_POOL_2D: { code: 1, options: "Pool2DOptions" },
	CONV_2D: { code: 3, options: "Conv2DOptions" },
	DEPTHWISE_CONV_2D: { code: 4, options: "DepthwiseConv2DOptions" },
	FULLY_CONNECTED: { code: 9, options: "FullyConnectedOptions" },
	LOGISTIC: { code: 14, options: null },
	MUL: { code: 18, options: "MulOptions" },
	RELU: { code: 19, options: null },
	RESHAPE: { code: 22, options: "ReshapeOptions" },
	PAD: { code: 34, options: "PadOptions" },
	MEAN: { code: 40, options: "ReducerOptions" },
	SUB: { code: 41, options: "SubOptions" },
	HARD_SWISH: { code: 117, options: "HardSwishOptions" },
} as const satisfies Readonly<Record<string, { code: number; options: OptionsName | null }>>;

/** Name of an operator. */
export type OperatorName = keyof typeof OPERATORS;

/** Names of all operators. */
export const OPERATOR_NAMES = Object.keys(OPERATORS) as readonly OperatorName[];

/** Version of the schema. */
export const SCHEMA_VERSION = 3;

/** Bytes 4 to 8 of every file. */
export const FILE_IDENTIFIER = "TFL3";

/** Alignment of the data of buffers, in bytes. */
export const BUFFER_ALIGNMENT = 16;

/** `TensorType` by what holds the values. */
export const TENSOR_TYPES = { float32: 0, int32: 2 } as const;

/** `Padding`. */
export const PADDING = { SAME: 0, VALID: 1 } as const;

/** `ActivationFunctionType`: what an operator applies to its result. */
export const ACTIVATIONS = { NONE: 0, RELU: 1, RELU6: 3 } as const;
