import type { FieldName, OPERATORS, OperatorName, OptionsName } from "./schema.js";

/** A tensor of a graph: a constant, or what an operator makes. */
export interface TfliteTensor {
	readonly name: string;
	/** Batch first, channels last: [1, height, width, channels] or [1, features]; weights as their operator has them. */
	readonly shape: readonly number[];
	/** Values of a constant, row-major. */
	readonly data?: Float32Array | Int32Array;
}

/** Fields of an operator's table of options; those left out are the schema's defaults. */
export type OptionsOf<O extends OperatorName> = (typeof OPERATORS)[O]["options"] extends infer T
	? T extends OptionsName
		? Readonly<Partial<Record<FieldName<T>, number>>>
		: Readonly<Record<never, number>>
	: never;

/** An operator: reads tensors, makes one. */
export interface TfliteOperator {
	readonly operator: OperatorName;
	/** Lowest version of the operator that has what is asked of it. */
	readonly version: number;
	readonly options: Readonly<Record<string, number>>;
	/** Indices of tensors. */
	readonly inputs: readonly number[];
	readonly output: number;
}

/** A network as a `.tflite` file holds it: one graph with one input and one output. */
export interface TfliteModel {
	readonly description: string;
	readonly tensors: readonly TfliteTensor[];
	/** In an order of execution. */
	readonly operators: readonly TfliteOperator[];
	/** Index of the tensor fed in; its name is that of the signature's input. */
	readonly input: number;
	/** Index of the result; its name is that of the signature's output. */
	readonly output: number;
	/** Texts by name. */
	readonly metadata: Readonly<Record<string, string>>;
}
