import { ArchgenError, type FieldViolation } from "@archgen/errors";

/** Form of the architectures of a space as graphs whose nodes have one of several classes. */
export interface TensorShape {
	readonly nodes: number;
	/** Names of the classes of a node. */
	readonly classes: readonly string[];
	/** Whether a node may be absent, which is a row of zeros. */
	readonly absentNodes: boolean;
	/** Edges (from, to), from < to, of all architectures; null where each architecture has its own. */
	readonly edges: readonly (readonly [number, number])[] | null;
}

/** An architecture as a graph in numbers. */
export interface ArchitectureTensors {
	/** One-hot rows of 0 and 1, flat [nodes, classes]; a row of zeros is an absent node. */
	readonly nodes: Float32Array;
	/** 1 where the node of the row feeds the node of the column, flat [nodes, nodes]; strictly upper triangular. */
	readonly adjacency: Float32Array;
}

/** A rule that an architecture or its tensors break. */
export interface Invalid {
	/** Stable cause in UPPER_SNAKE_CASE. */
	readonly reason: string;
	/** Place in the architecture or tensors, such as `nodes[3]`. */
	readonly field: string;
	readonly message: string;
}

/** An architecture, or the reason why tensors do not describe one. */
export type Decoded<A> =
	| { readonly valid: true; readonly architecture: A }
	| ({ readonly valid: false } & Invalid);

/** Class of an absent node in a list of node classes. */
export const ABSENT = -1;

/** The result of `make`, or the INVALID_ARGUMENT error that it throws as a broken rule. */
export function decodedOrInvalid<A>(make: () => A): Decoded<A> {
	try {
		return { valid: true, architecture: make() };
	} catch (error) {
		if (!(error instanceof ArchgenError) || error.violations.length === 0) throw error;
		const [{ field, description }] = error.violations as readonly [FieldViolation];
		return { valid: false, ...invalid(error.reason, field, description) };
	}
}

/** Tensors of node classes ({@link ABSENT} for none) and edges. */
export function tensorsOf(
	shape: TensorShape,
	classes: readonly number[],
	edges: readonly (readonly [number, number])[],
): ArchitectureTensors {
	const width = shape.classes.length;
	const nodes = new Float32Array(shape.nodes * width);
	classes.forEach((label, node) => {
		if (label !== ABSENT) nodes[node * width + label] = 1;
	});
	return { nodes, adjacency: adjacencyOf(shape.nodes, edges) };
}

/** Flat [nodes, nodes] with 1 at each edge (from, to). */
export function adjacencyOf(nodes: number, edges: readonly (readonly [number, number])[]): Float32Array {
	const adjacency = new Float32Array(nodes * nodes);
	for (const [from, to] of edges) adjacency[from * nodes + to] = 1;
	return adjacency;
}

/** Classes of the nodes and the edges of tensors. */
export interface NodesAndEdges {
	/** Class of each node, {@link ABSENT} for an absent one. */
	readonly classes: readonly number[];
	readonly edges: readonly (readonly [number, number])[];
}

/**
 * Reads tensors under the rules that hold in every space: entries 0 or 1, one class a node (or none where nodes may be absent), edges that lead to
 * later nodes, and the fixed edges where the space has them.
 *
 * Reasons: TENSOR_SIZE, NOT_BINARY, NODE_NOT_ONE_HOT, NODE_ABSENT, EDGE_BACKWARD, EDGES_DIFFER.
 */
export function readTensors(shape: TensorShape, tensors: ArchitectureTensors): Decoded<NodesAndEdges> {
	const problem = sizeProblem(shape, tensors) ?? nodeProblem(shape, tensors) ?? edgeProblem(shape, tensors);
	if (problem) return { valid: false, ...problem };
	const width = shape.classes.length;
	const classes = Array.from({ length: shape.nodes }, (_, node) =>
		tensors.nodes.subarray(node * width, (node + 1) * width).indexOf(1),
	);
	return { valid: true, architecture: { classes, edges: edgesOf(shape.nodes, tensors.adjacency) } };
}

/** Edges (from, to) of an adjacency matrix, in the order of its rows. */
export function edgesOf(nodes: number, adjacency: Float32Array): [number, number][] {
	const edges: [number, number][] = [];
	adjacency.forEach((entry, i) => {
		if (entry !== 0) edges.push([Math.floor(i / nodes), i % nodes]);
	});
	return edges;
}

function sizeProblem(shape: TensorShape, { nodes, adjacency }: ArchitectureTensors): Invalid | undefined {
	const wanted = { nodes: [shape.nodes, shape.classes.length], adjacency: [shape.nodes, shape.nodes] };
	for (const [field, tensor] of [
		["nodes", nodes],
		["adjacency", adjacency],
	] as const) {
		const [rows, columns] = wanted[field] as [number, number];
		if (tensor.length !== rows * columns)
			return invalid("TENSOR_SIZE", field, `must hold ${rows} × ${columns} numbers, got ${tensor.length}`);
		const at = tensor.findIndex((entry) => entry !== 0 && entry !== 1);
		if (at >= 0) {
			const place = `${field}[${Math.floor(at / columns)}][${at % columns}]`;
			return invalid("NOT_BINARY", place, `must be 0 or 1, got ${tensor[at]}`);
		}
	}
	return undefined;
}

function nodeProblem(shape: TensorShape, { nodes }: ArchitectureTensors): Invalid | undefined {
	const width = shape.classes.length;
	for (let node = 0; node < shape.nodes; node++) {
		const count = nodes.subarray(node * width, (node + 1) * width).reduce((sum, entry) => sum + entry, 0);
		if (count > 1)
			return invalid("NODE_NOT_ONE_HOT", `nodes[${node}]`, `has ${count} classes instead of one`);
		if (count === 0 && !shape.absentNodes)
			return invalid("NODE_ABSENT", `nodes[${node}]`, "has no class, but every node of this space has one");
	}
	return undefined;
}

function edgeProblem(shape: TensorShape, { adjacency }: ArchitectureTensors): Invalid | undefined {
	const backward = edgesOf(shape.nodes, adjacency).find(([from, to]) => from >= to);
	if (backward)
		return invalid("EDGE_BACKWARD", `adjacency[${backward.join("][")}]`, "edges lead to a later node");
	if (shape.edges === null) return undefined;
	const fixed = adjacencyOf(shape.nodes, shape.edges);
	const at = adjacency.findIndex((entry, i) => entry !== fixed[i]);
	if (at < 0) return undefined;
	const place = `adjacency[${Math.floor(at / shape.nodes)}][${at % shape.nodes}]`;
	return invalid("EDGES_DIFFER", place, `must be ${fixed[at]}: the edges of this space are fixed`);
}

/** Where input and output of a graph must be, by class and node. */
export interface GraphEnds {
	readonly input: { readonly label: number; readonly node: number };
	readonly output: { readonly label: number; readonly node: number };
}

/** Reasons INPUT_MISPLACED and OUTPUT_MISPLACED: a node has the class of an end without being it, or the other way round. */
export function endsProblem(classes: readonly number[], ends: GraphEnds): Invalid | undefined {
	for (const name of ["input", "output"] as const) {
		const { label, node } = ends[name];
		const wrong = classes.findIndex((found, at) => (found === label) !== (at === node));
		if (wrong >= 0)
			return invalid(
				`${name.toUpperCase()}_MISPLACED`,
				`nodes[${wrong}]`,
				`node ${node} alone is the ${name}`,
			);
	}
	return undefined;
}

/** Reason ABSENT_NODE_JOINED: an edge from or to a node without a class. */
export function absentProblem({ classes, edges }: NodesAndEdges): Invalid | undefined {
	const joined = edges.find(([from, to]) => classes[from] === ABSENT || classes[to] === ABSENT);
	if (joined === undefined) return undefined;
	return invalid("ABSENT_NODE_JOINED", `adjacency[${joined.join("][")}]`, "joins a node without a class");
}

/** A broken rule. */
export function invalid(reason: string, field: string, message: string): Invalid {
	return { reason, field, message };
}
