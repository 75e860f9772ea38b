import {
	type ArchitectureSpace,
	type ArchitectureTensors,
	adjacencyOf,
	type Counts,
	countLayers,
	type SearchSpace,
	type TensorShape,
} from "@archgen/search-space";
import { type StateShape, stateSize, toState } from "../state-shape.js";

/**
 * The state of a space's architectures: their node classes over its fixed edges. Where each architecture has edges of its own, they are part of the state: the
 * row of a node goes on with its row of the adjacency matrix, of which the upper triangle is read, and every node sees all others.
 */
export function stateShape({ tensorShape }: Pick<ArchitectureSpace<unknown>, "tensorShape">): StateShape {
	const { nodes, classes, edges } = tensorShape;
	if (edges === null) return { nodes, operations: classes.length + nodes, successors: all(nodes) };
	const successors = Array.from({ length: nodes }, (_, node) =>
		edges.flatMap(([from, to]) => (from === node ? [to] : [])),
	);
	return { nodes, operations: classes.length, successors };
}

function all(nodes: number): number[][] {
	const every = Array.from({ length: nodes }, (_, node) => node);
	return every.map((node) => every.filter((other) => other !== node));
}

/** States of architectures, ±1, flat [architectures, nodes, operations]. */
export function statesOf<A>(space: ArchitectureSpace<A>, architectures: readonly A[]): Float32Array {
	const width = stateSize(stateShape(space));
	const states = new Float32Array(architectures.length * width);
	architectures.forEach((architecture, row) => {
		states.set(toState(joined(space.tensorShape, space.encode(architecture))), row * width);
	});
	return states;
}

/** The architecture of a quantised state, flat [nodes, operations]; undefined where it is none. */
export function architectureOf<A>(space: ArchitectureSpace<A>, state: Float32Array): A | undefined {
	const decoded = space.decode(tensorsOfState(space.tensorShape, state));
	return decoded.valid ? decoded.architecture : undefined;
}

/** The parts of a state from 0 to 1: node classes, and edges above the diagonal, which are the space's own where those are fixed. */
export function tensorsOfState(
	{ nodes, classes, edges }: TensorShape,
	state: Float32Array,
): ArchitectureTensors {
	if (edges !== null) return { nodes: state, adjacency: adjacencyOf(nodes, edges) };
	const width = classes.length + nodes;
	const tensors = {
		nodes: new Float32Array(nodes * classes.length),
		adjacency: new Float32Array(nodes * nodes),
	};
	for (let node = 0; node < nodes; node++) {
		const row = state.subarray(node * width, (node + 1) * width);
		tensors.nodes.set(row.subarray(0, classes.length), node * classes.length);
		tensors.adjacency.set(row.subarray(classes.length + node + 1), node * nodes + node + 1);
	}
	return tensors;
}

/** The numbers of a state from 0 to 1: the inverse of {@link tensorsOfState}. */
function joined({ nodes, classes, edges }: TensorShape, tensors: ArchitectureTensors): Float32Array {
	if (edges !== null) return tensors.nodes;
	const width = classes.length + nodes;
	const state = new Float32Array(nodes * width);
	for (let node = 0; node < nodes; node++) {
		const part = (values: Float32Array, length: number) =>
			values.subarray(node * length, (node + 1) * length);
		state.set(part(tensors.nodes, classes.length), node * width);
		state.set(part(tensors.adjacency, nodes), node * width + classes.length);
	}
	return state;
}

/** Exact counts of an architecture's network for the target of its space. */
export function countArchitecture<A>(space: SearchSpace<A>, architecture: A): Counts {
	return countLayers(space.lower(architecture));
}

/** Whether networks of a space can be built, and so be counted. */
export function isBuildable<A>(space: ArchitectureSpace<A>): space is SearchSpace<A> {
	return "lower" in space;
}

/** Field of the JSON form, and column of tables, that holds an architecture which one text describes. */
export const ARCHITECTURE_FIELD = "arch";

/**
 * Reads what {@link architectureText} writes.
 *
 * @throws ArchgenError INVALID_ARGUMENT
 */
export function architectureFromText<A>(space: ArchitectureSpace<A>, value: unknown): A {
	return space.fromJson(typeof value === "string" ? { [ARCHITECTURE_FIELD]: value } : value);
}

/** An architecture as tables and results write it: its JSON form, or the value of that form's only field. */
export function architectureText<A>(space: ArchitectureSpace<A>, architecture: A): unknown {
	const json = space.toJson(architecture);
	const values = typeof json === "object" && json !== null ? Object.values(json) : [];
	return values.length === 1 ? values[0] : json;
}
