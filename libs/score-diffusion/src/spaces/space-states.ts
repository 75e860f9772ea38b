import { invalidArgument } from "@archgen/errors";
import {
	type ArchitectureSpace,
	adjacencyOf,
	type Counts,
	countLayers,
	type SearchSpace,
	type TensorShape,
} from "@archgen/search-space";
import { type StateShape, stateSize, toState } from "../state-shape.js";

/**
 * The state of a space's architectures: their node classes over its fixed edges.
 *
 * @throws ArchgenError INVALID_ARGUMENT `EDGES_NOT_FIXED` for a space whose architectures have edges of their own
 */
export function stateShape({
	name,
	tensorShape,
}: Pick<ArchitectureSpace<unknown>, "name" | "tensorShape">): StateShape {
	const { nodes, classes, edges } = tensorShape;
	if (edges === null)
		throw invalidArgument(
			"space",
			`architectures of ${name} have edges of their own, and score diffusion samples nodes over fixed ones`,
			"EDGES_NOT_FIXED",
		);
	const successors = Array.from({ length: nodes }, (_, node) =>
		edges.flatMap(([from, to]) => (from === node ? [to] : [])),
	);
	return { nodes, operations: classes.length, successors };
}

/** States of architectures, ±1, flat [architectures, nodes, operations]. */
export function statesOf<A>(space: ArchitectureSpace<A>, architectures: readonly A[]): Float32Array {
	const width = stateSize(stateShape(space));
	const states = new Float32Array(architectures.length * width);
	architectures.forEach((architecture, row) => {
		states.set(toState(space.encode(architecture).nodes), row * width);
	});
	return states;
}

/** The architecture of quantised node classes, flat [nodes, operations]; undefined where they are none. */
export function architectureOf<A>(space: ArchitectureSpace<A>, nodes: Float32Array): A | undefined {
	const decoded = space.decode({ nodes, adjacency: fixedAdjacency(space.tensorShape) });
	return decoded.valid ? decoded.architecture : undefined;
}

function fixedAdjacency({ nodes, edges }: TensorShape): Float32Array {
	return adjacencyOf(nodes, edges ?? []);
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
