/**
 * Architectures of a space as the diffusion sees them: a fixed graph whose nodes carry one of several operations. The state is the one-hot matrix
 * [nodes, operations] scaled to ±1; the edges do not change.
 */
export interface StateShape {
	readonly nodes: number;
	readonly operations: number;
	/** Nodes that each node feeds. */
	readonly successors: readonly (readonly number[])[];
}

/** Numbers in the state of one architecture. */
export function stateSize({ nodes, operations }: StateShape): number {
	return nodes * operations;
}

/** Row i marks the successors of node i by 1, flat [nodes, nodes]. */
export function adjacencyMatrix({ nodes, successors }: StateShape): Float32Array {
	const matrix = new Float32Array(nodes * nodes);
	successors.forEach((targets, node) => {
		for (const target of targets) matrix[node * nodes + target] = 1;
	});
	return matrix;
}

/** One-hot rows of 0 and 1 → ±1. */
export function toState(oneHot: Float32Array): Float32Array {
	return oneHot.map((value) => 2 * value - 1);
}

/** The nearest rows of 0 and 1: 1 above 0, which is 0.5 before scaling. A row need not have exactly one 1 afterwards. */
export function quantize(state: Float32Array): Float32Array {
	return state.map((value) => (value > 0 ? 1 : 0));
}
