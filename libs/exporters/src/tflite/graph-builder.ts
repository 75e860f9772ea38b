import type { OperatorName } from "./schema.js";
import type { OptionsOf, TfliteModel, TfliteOperator, TfliteTensor } from "./tflite-model.js";

/** Collects tensors and operators of a graph in an order of execution. */
export class GraphBuilder {
	readonly #tensors: TfliteTensor[] = [];
	readonly #operators: TfliteOperator[] = [];
	readonly #constants = new Map<string, number>();

	/** A tensor that is fed in; returns its index. */
	input(name: string, shape: readonly number[]): number {
		return this.#tensors.push({ name, shape }) - 1;
	}

	shape(tensor: number): readonly number[] {
		return this.#tensors[tensor]!.shape;
	}

	/** A constant. Equal names are the same constant, whose values are made once. */
	constant(name: string, shape: readonly number[], data: () => Float32Array | Int32Array): number {
		const known = this.#constants.get(name);
		if (known !== undefined) return known;
		const index = this.#tensors.push({ name, shape, data: data() }) - 1;
		this.#constants.set(name, index);
		return index;
	}

	/** An operator that makes a tensor of its name; returns the tensor. @param version 1 unless given */
	apply<O extends OperatorName>(
		operator: O,
		name: string,
		inputs: readonly number[],
		shape: readonly number[],
		options: OptionsOf<O>,
		version = 1,
	): number {
		const output = this.input(name, shape);
		this.#operators.push({ operator, version, options, inputs, output });
		return output;
	}

	/** The finished graph. @param outputName replaces the name of the output's tensor */
	build(
		input: number,
		output: number,
		{ outputName, ...texts }: Pick<TfliteModel, "description" | "metadata"> & { readonly outputName: string },
	): TfliteModel {
		const tensors = this.#tensors.map((tensor, index) =>
			index === output ? { ...tensor, name: outputName } : tensor,
		);
		return { ...texts, tensors, operators: this.#operators, input, output };
	}
}
