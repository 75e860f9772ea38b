import {
	cast,
	concat,
	constant,
	cumulativeSum,
	gather,
	matMul,
	mul,
	nonZero,
	reduceMax,
	reduceSum,
	reshape,
	scalar,
	sub,
	type Tensor,
	withGradient,
} from "@archgen/tensor-graph";
import { NODES } from "./dimensions.js";

/**
 * The used nodes of a batch side by side, behind one row that stands for all unused ones, which are alike in every layer: of a cell's nine nodes
 * 7.6 are used on average.
 */
export interface PackedNodes {
	/** The node of each row, int64 [1 + used]; for the first an unused node, or any if all are used. */
	readonly nodes: Tensor;
	/** The same without the first row. */
	readonly used: Tensor;
	/** The row of each node, int64 [batch · 9]; 0 for unused ones. */
	readonly rows: Tensor;
	/** 1 for unused nodes, else 0. [1, batch · 9] */
	readonly unused: Tensor;
}

/** @param adjacency [batch, 9, 9] of a fixed batch, with self-loops of the used nodes (`encodeCells`) */
export function packedNodes(adjacency: Tensor): PackedNodes {
	const count = (adjacency.shape[0] as number) * NODES;
	const isUsed = reshape(reduceSum(mul(adjacency, identity()), [2]), [count]);
	const isUnused = sub(scalar(1), isUsed);
	const numbers = constant(
		Float32Array.from({ length: count }, (_, i) => i),
		[count],
	);
	const unused = reshape(cast(reduceMax(mul(isUnused, numbers)), "int64"), [1]);
	const used = nonZero(isUsed);
	return {
		nodes: concat([unused, used], 0),
		used,
		rows: cast(mul(isUsed, cumulativeSum(isUsed, 0)), "int64"),
		unused: reshape(isUnused, [1, count]),
	};
}

/**
 * x: [batch · 9, width] → [1 + used, width].
 *
 * The rows of unused nodes must not depend on parameters, so that it does not matter what gradient they get here.
 */
export function pack(x: Tensor, { nodes, rows }: PackedNodes): Tensor {
	return withGradient(gather(x, nodes), [x], (g) => [gather(g, rows)]);
}

/** x: [1 + used, width] → [batch · 9, width]; the first row's gradient is the sum over the unused nodes. */
export function unpack(x: Tensor, { rows, used, unused }: PackedNodes): Tensor {
	return withGradient(gather(x, rows), [x], (g) => [concat([matMul(unused, g), gather(g, used)], 0)]);
}

function identity(): Tensor {
	const numbers = Float32Array.from({ length: NODES * NODES }, (_, i) => Number(i % (NODES + 1) === 0));
	return constant(numbers, [1, NODES, NODES]);
}
