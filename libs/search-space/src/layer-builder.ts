import { type Layer, type LayerGraph, type LayerOfKind, squareMap, stridedMap, type Value } from "./layer.js";

/** Choices of a convolution; padding is always "same": dilation · (kernel − 1) / 2. */
export interface ConvOptions {
	readonly outChannels: number;
	/** Side of the kernel, 1 unless given. */
	readonly kernel?: number;
	/** 1 unless given. */
	readonly stride?: number;
	/** 1 unless given. */
	readonly dilation?: number;
	/** 1 unless given. */
	readonly groups?: number;
	/** False unless given. */
	readonly bias?: boolean;
}

/** Element by element functions without parameters. */
export type ActivationKind = "relu" | "hard_swish" | "hard_sigmoid" | "sigmoid";

/** Appends primitive layers and keeps the shape of every value. Each method returns the id of the value it makes. */
export class LayerBuilder {
	readonly #layers: Layer[] = [];
	readonly #values: Value[] = [];

	/** A value that no layer makes: the input of the graph. */
	input(shape: Value): number {
		const { channels, height, width } = shape;
		return this.#values.push({ channels, height, width }) - 1;
	}

	shape(value: number): Value {
		return this.#values[value]!;
	}

	/** Number of layers so far. */
	get length(): number {
		return this.#layers.length;
	}

	conv(name: string, input: number, options: ConvOptions): number {
		const { outChannels, kernel = 1, stride = 1, dilation = 1, groups = 1, bias = false } = options;
		const { channels: inChannels } = this.shape(input);
		const padding = (dilation * (kernel - 1)) / 2;
		const shape = stridedMap(this.shape(input), outChannels, stride);
		const fields = { inChannels, outChannels, kernel, stride, padding, dilation, groups, bias };
		return this.#append(shape, (output) => ({ kind: "conv", name, inputs: [input], output, ...fields }));
	}

	batchNorm(name: string, input: number, affine = true): number {
		const shape = this.shape(input);
		const fields = { channels: shape.channels, affine };
		return this.#append(shape, (output) => ({
			kind: "batch_norm",
			name,
			inputs: [input],
			output,
			...fields,
		}));
	}

	relu(name: string, input: number): number {
		return this.activation("relu", name, input);
	}

	activation(kind: ActivationKind, name: string, input: number): number {
		return this.#append(this.shape(input), (output) => ({ kind, name, inputs: [input], output }));
	}

	/** Mean over height and width, a map of 1×1. */
	squeeze(name: string, input: number): number {
		const shape = squareMap(this.shape(input).channels, 1);
		return this.#append(shape, (output) => ({ kind: "squeeze", name, inputs: [input], output }));
	}

	/** A map of 1×1 as features. */
	flatten(name: string, input: number): number {
		return this.#append(this.shape(input), (output) => ({ kind: "flatten", name, inputs: [input], output }));
	}

	/** The channels of a map multiplied by those of a gate of 1×1. */
	scale(name: string, input: number, gate: number): number {
		return this.#append(this.shape(input), (output) => ({
			kind: "scale",
			name,
			inputs: [input, gate],
			output,
		}));
	}

	/** Padding is "same" for odd kernels, none for even ones. */
	averagePool(name: string, input: number, kernel: number, stride: number): number {
		const from = this.shape(input);
		const fields = { kernel, stride, padding: kernel % 2 === 1 ? (kernel - 1) / 2 : 0 };
		return this.#append(stridedMap(from, from.channels, stride), (output) => ({
			kind: "average_pool",
			name,
			inputs: [input],
			output,
			...fields,
		}));
	}

	/** The sum of the values; a single value is its own sum and needs no layer. */
	add(name: string, inputs: readonly number[]): number {
		const first = inputs[0]!;
		if (inputs.length === 1) return first;
		return this.#append(this.shape(first), (output) => ({ kind: "add", name, inputs, output }));
	}

	/** Zeros of the shape of the value. */
	zero(name: string, input: number): number {
		return this.#append(this.shape(input), (output) => ({ kind: "zero", name, inputs: [input], output }));
	}

	globalAveragePool(name: string, input: number): number {
		const shape = squareMap(this.shape(input).channels, 1);
		return this.#append(shape, (output) => ({ kind: "global_average_pool", name, inputs: [input], output }));
	}

	linear(name: string, input: number, outFeatures: number): number {
		const fields = { inFeatures: this.shape(input).channels, outFeatures };
		return this.#append(squareMap(outFeatures, 1), (output) => ({
			kind: "linear",
			name,
			inputs: [input],
			output,
			...fields,
		}));
	}

	/** The finished graph between two values. */
	build(input: number, output: number): LayerGraph {
		return { layers: this.#layers, values: this.#values, input, output };
	}

	#append(shape: Value, layer: (output: number) => LayerOfKind<Layer["kind"]>): number {
		const output = this.input(shape);
		this.#layers.push(layer(output));
		return output;
	}
}
