import { input } from "./operators/sources.js";
import { elementCount } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** How a parameter's values are drawn before training. */
export type Initializer =
	| { readonly kind: "uniform"; readonly bound: number }
	| { readonly kind: "normal"; readonly std: number }
	| { readonly kind: "constant"; readonly value: number };

export interface ParameterSpec {
	readonly name: string;
	readonly shape: readonly number[];
	readonly init: Initializer;
}

/** The part of a random stream that initialisation needs; `@archgen/random` has it. */
export interface RandomSource {
	uniform(): number;
	normal(): number;
	fork(label: string): RandomSource;
}

/** PyTorch's default for linear and convolution weights and biases: uniform within ±1/√fanIn. */
export function fanInUniform(fanIn: number): Initializer {
	return { kind: "uniform", bound: 1 / Math.sqrt(fanIn) };
}

/** Collects the parameters of a model while it is being defined. Names are paths: `encoder.0.weight`. */
export class ParameterScope {
	readonly #tensors: Map<string, Tensor>;
	readonly #specs: Map<string, ParameterSpec>;

	constructor(
		private readonly prefix = "",
		shared?: ParameterScope,
	) {
		this.#tensors = shared ? shared.#tensors : new Map();
		this.#specs = shared ? shared.#specs : new Map();
	}

	/** The parameter of that name; defining it again returns the same tensor, so weights are shared by naming them. */
	parameter(name: string, shape: readonly number[], init: Initializer): Tensor {
		const path = this.prefix + name;
		const known = this.#tensors.get(path);
		if (known !== undefined) return known;
		const tensor = input(path, shape);
		this.#tensors.set(path, tensor);
		this.#specs.set(path, { name: path, shape, init });
		return tensor;
	}

	/** The same collection under a longer path. */
	scope(name: string): ParameterScope {
		return new ParameterScope(`${this.prefix}${name}.`, this);
	}

	/** All parameters of the collection in the order of their definition. */
	specs(): readonly ParameterSpec[] {
		return [...this.#specs.values()];
	}

	tensors(): ReadonlyMap<string, Tensor> {
		return this.#tensors;
	}
}

/** Draws initial values; each parameter from a stream of its own name, so that adding one changes no other. */
export function initialize(specs: readonly ParameterSpec[], random: RandomSource): Map<string, Float32Array> {
	return new Map(specs.map((spec) => [spec.name, draw(spec, random.fork(spec.name))]));
}

function draw({ shape, init }: ParameterSpec, random: RandomSource): Float32Array {
	const values = new Float32Array(elementCount(shape));
	switch (init.kind) {
		case "constant":
			return values.fill(init.value);
		case "uniform":
			return values.map(() => (2 * random.uniform() - 1) * init.bound);
		case "normal":
			return values.map(() => random.normal() * init.std);
	}
}
