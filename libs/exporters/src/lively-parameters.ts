import { fillUniform, type Random } from "@archgen/random";
import { type LayerGraph, type ParameterKind, parameterSpecs } from "@archgen/search-space";

/** Ranges by kind: weights nearly keep the variance of what passes a ReLU, batch norms and biases do something. */
const RANGES: { readonly [K in ParameterKind]: (fanIn: number) => readonly [number, number] } = {
	conv_weight: (fanIn) => [-Math.sqrt(5 / fanIn), Math.sqrt(5 / fanIn)],
	linear_weight: (fanIn) => [-Math.sqrt(5 / fanIn), Math.sqrt(5 / fanIn)],
	conv_bias: () => [-0.3, 0.3],
	linear_bias: () => [-0.3, 0.3],
	bn_weight: () => [0.6, 1.4],
	bn_bias: () => [-0.5, 0.5],
};

/** Parameters under which files of one network can be compared: the image still matters at the output of a deep network, where fresh ones let it fade away. */
export function livelyParameters(graph: LayerGraph, random: Random): Map<string, Float32Array> {
	return new Map(
		parameterSpecs(graph).map(({ name, shape, kind, fanIn }) => {
			const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
			return [name, fillUniform(random.fork(name), values, ...RANGES[kind](fanIn))];
		}),
	);
}
