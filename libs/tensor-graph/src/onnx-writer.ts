import type { DType } from "./dtype.js";
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from "./generated/onnx.js";
import { AttributeProto_AttributeType as AttributeType, ModelProto } from "./generated/onnx.js";
import type { Shape } from "./shape.js";

/** Version of the default operator set that all graphs are written in. */
export const ONNX_OPSET = 20;
/** ONNX file format version. */
export const ONNX_IR_VERSION = 10;

/** ONNX's numbers of the element types. */
export const ONNX_DTYPE: { readonly [D in DType]: number } = {
	float32: 1,
	uint8: 2,
	int32: 6,
	int64: 7,
	bool: 9,
};

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };
export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** Collects the nodes and constants of one ONNX graph. */
export class OnnxWriter {
	readonly #nodes: NodeProto[] = [];
	readonly #initializers: TensorProto[] = [];
	readonly #inputs: ValueInfoProto[] = [];
	readonly #outputs: ValueInfoProto[] = [];
	readonly #int64Constants = new Map<string, string>();
	readonly #renamed = new Map<string, string>();
	#names = 0;

	/**
	 * Adds a node with one output and returns that output's name. Numbers are written as ints, `{float}` as floats.
	 *
	 * @param options.domain of the operator, ONNX's own unless given
	 * @param options.name of node and output, a new one unless given
	 */
	node(
		opType: string,
		inputs: readonly string[],
		attributes: Readonly<Record<string, OnnxAttribute>> = {},
		{ domain = "", name = this.#fresh(opType) }: { readonly domain?: string; readonly name?: string } = {},
	): string {
		this.#nodes.push({
			input: [...inputs],
			output: [name],
			name,
			opType,
			attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
			domain,
		});
		return name;
	}

	/** A one-dimensional int64 constant, shared between equal uses. */
	int64s(values: readonly number[]): string {
		const key = values.join(",");
		const known = this.#int64Constants.get(key);
		if (known !== undefined) return known;
		const name = this.constant(BigInt64Array.from(values, BigInt), [values.length], "int64");
		this.#int64Constants.set(key, name);
		return name;
	}

	constant(data: TensorData, shape: readonly number[], dtype: DType, name = this.#fresh("constant")): string {
		this.#initializers.push({
			dims: shape.map(BigInt),
			dataType: ONNX_DTYPE[dtype],
			floatData: [],
			int64Data: [],
			name,
			rawData: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
		});
		return name;
	}

	input(name: string, shape: Shape, dtype: DType): string {
		this.#inputs.push(valueInfo(name, shape, dtype));
		return name;
	}

	/** Declares a value as the graph's output of that name. */
	output(name: string, shape: Shape, dtype: DType, value: string): void {
		this.#outputs.push(valueInfo(name, shape, dtype));
		const producer = this.#nodes.find((node) => node.name === value);
		// An input, a constant, or what is returned twice, needs a node of its own; a result just gets the name.
		if (producer === undefined || this.#renamed.has(value))
			this.#rename(this.node("Identity", [value]), name);
		else this.#rename(value, name);
	}

	/** The finished file. */
	finish(graphName: string, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
		return ModelProto.encode({
			irVersion: BigInt(ONNX_IR_VERSION),
			producerName: "archgen",
			producerVersion: "",
			domain: "",
			modelVersion: 0n,
			docString: "",
			graph: {
				node: this.#nodes.map((node) => ({
					...node,
					input: node.input.map((name) => this.#renamed.get(name) ?? name),
					output: node.output.map((name) => this.#renamed.get(name) ?? name),
				})),
				name: graphName,
				initializer: this.#initializers,
				docString: "",
				input: this.#inputs,
				output: this.#outputs,
				valueInfo: [],
			},
			opsetImport: [
				{ domain: "", version: BigInt(ONNX_OPSET) },
				...[...new Set(this.#nodes.map(({ domain }) => domain))]
					.filter(Boolean)
					.map((domain) => ({ domain, version: 1n })),
			],
			metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
		}).finish();
	}

	/** References follow when the graph is finished, because more of them may come. */
	#rename(from: string, to: string): void {
		this.#renamed.set(from, to);
	}

	#fresh(prefix: string): string {
		return `${prefix}_${this.#names++}`;
	}
}

function attributeProto(name: string, value: OnnxAttribute): AttributeProto {
	const empty = { name, f: 0, i: 0n, s: Buffer.alloc(0), t: undefined, floats: [], ints: [], strings: [] };
	if (typeof value === "number") return { ...empty, i: BigInt(value), type: AttributeType.INT };
	if (typeof value === "string") return { ...empty, s: Buffer.from(value), type: AttributeType.STRING };
	if ("float" in value) return { ...empty, f: value.float, type: AttributeType.FLOAT };
	return { ...empty, ints: value.map(BigInt), type: AttributeType.INTS };
}

function valueInfo(name: string, shape: Shape, dtype: DType): ValueInfoProto {
	const dim = shape.map((d) => ({
		value:
			typeof d === "number"
				? { $case: "dimValue" as const, value: BigInt(d) }
				: { $case: "dimParam" as const, value: d },
	}));
	return {
		name,
		type: { value: { $case: "tensorType", value: { elemType: ONNX_DTYPE[dtype], shape: { dim } } } },
	};
}
