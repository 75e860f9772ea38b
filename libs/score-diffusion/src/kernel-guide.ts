import {
	add,
	constant,
	exp,
	log,
	matMul,
	mul,
	reduceSum,
	reshape,
	scalar,
	softmax,
	type Tensor,
	transpose,
} from "@archgen/tensor-graph";
import { type Guide, STANDARD_DEVIATIONS } from "./guide.js";
import type { StateShape } from "./state-shape.js";

/** A function of architectures as a sum of kernels, such as the mean of a Gaussian process: Σ weight exp(−decay · nodes that differ). */
export interface KernelExpansion {
	/** States of the kernels' centres, ±1, flat [centres, nodes, operations]. */
	readonly centres: Float32Array;
	readonly weights: readonly number[];
	readonly decay: number;
}

/** Log-odds of an operation that a node never has. */
const NEVER = -1e4;

/**
 * The guide E[h(x₀) | x] of a kernel expansion h, in hundredths as those of trained predictors, and without any training: where nodes are independent
 * and their operations equally likely, the operations of x₀ given x = x₀ + σ ε are independent with the probabilities
 *
 *     p = softmax(2 x / σ²)  over the operations of each node,
 *
 * and the mean of each kernel is the product over the nodes of e^−decay + (1 − e^−decay) p(operation of its centre). This is exact in spaces of
 * independent choices such as NAS-Bench-201, and takes nodes as independent in others.
 *
 * @param examples states of random architectures, which tell the operations that each node can have
 */
export function kernelGuide(
	{ nodes, operations }: StateShape,
	{ centres, weights, decay }: KernelExpansion,
	examples: Float32Array,
): Guide {
	const count = weights.length;
	const possible = new Float32Array(nodes * operations).fill(NEVER);
	examples.forEach((entry, i) => {
		if (entry > 0) possible[i % possible.length] = 0;
	});
	const [same, other] = [1, Math.exp(-decay)];
	const graph: Guide["graph"] = (_scope, x, sigma) => {
		const certainty = mul(scalar(2), reciprocalSquare(sigma));
		const odds = add(mul(x, certainty), constant(possible, [1, nodes, operations]));
		const p = transpose(softmax(odds), [1, 0, 2]); // [nodes, batch, operations]
		const agreement = matMul(
			p,
			constant(byNode(centres, count, nodes, operations), [nodes, operations, count]),
		);
		const factors = add(mul(agreement, scalar(same - other)), scalar(other)); // [nodes, batch, centres]
		const kernels = exp(reduceSum(log(factors), [0])); // [batch, centres]
		return mul(matMul(kernels, constant(weights, [count, 1])), scalar(1 / STANDARD_DEVIATIONS));
	};
	return { graph, parameters: new Map() };
}

/** 1/σ², [batch, 1, 1]. */
function reciprocalSquare(sigma: Tensor): Tensor {
	return reshape(exp(mul(log(sigma), scalar(-2))), [sigma.shape[0]!, 1, 1]);
}

/** 1 where a centre has the operation, flat [nodes, operations, centres]. */
function byNode(centres: Float32Array, count: number, nodes: number, operations: number): Float32Array {
	const size = nodes * operations;
	return new Float32Array(count * size).map((_, i) =>
		centres[(i % count) * size + Math.floor(i / count)]! > 0 ? 1 : 0,
	);
}
