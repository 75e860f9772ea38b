import { ArchgenError } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { type Cell, cellDepth, createCell } from "./cell.js";
import { KERNELS, MAX_OPERATIONS, OPERATION_TYPES, type Operation } from "./operation.js";

/** A cell that may not be normal yet; node `operations.length + 1` is the output. */
interface Draft {
	readonly operations: readonly Operation[];
	readonly edges: readonly (readonly [number, number])[];
}

/** One edit of a cell; undefined where it does not apply. */
type Edit = (cell: Cell, random: Random) => Draft | undefined;

function randomOperation(random: Random): Operation {
	return { type: random.pick(OPERATION_TYPES), kernel: random.pick(KERNELS) };
}

function withOperation(
	{ operations, edges }: Cell,
	change: (old: Operation) => Operation,
	random: Random,
): Draft {
	const at = random.integer(operations.length);
	return { operations: operations.map((old, i) => (i === at ? change(old) : old)), edges };
}

const EDITS: readonly Edit[] = [
	(cell, random) => withOperation(cell, (old) => ({ ...old, type: random.pick(OPERATION_TYPES) }), random),
	(cell, random) => withOperation(cell, (old) => ({ ...old, kernel: random.pick(KERNELS) }), random),
	// one edge more or less
	({ operations, edges }, random) => {
		const from = random.integer(operations.length + 1);
		const to = from + 1 + random.integer(operations.length + 1 - from);
		const rest = edges.filter(([a, b]) => a !== from || b !== to);
		return { operations, edges: rest.length < edges.length ? rest : [...edges, [from, to]] };
	},
	// an operation on an edge
	({ operations, edges }, random) => {
		if (operations.length === MAX_OPERATIONS) return undefined;
		const output = operations.length + 1;
		const moved = edges.map(([a, b]) => [a, b === output ? output + 1 : b] as const);
		const [from, to] = random.pick(moved);
		const rest = moved.filter(([a, b]) => a !== from || b !== to);
		return {
			operations: [...operations, randomOperation(random)],
			edges: [...rest, [from, output], [output, to]],
		};
	},
	// an operation less, its parents joined to its children
	({ operations, edges }, random) => {
		if (operations.length === 1) return undefined;
		const gone = 1 + random.integer(operations.length);
		const parents = edges.filter(([, b]) => b === gone).map(([a]) => a);
		const children = edges.filter(([a]) => a === gone).map(([, b]) => b);
		const kept = edges.filter(([a, b]) => a !== gone && b !== gone);
		const joined = parents.flatMap((a) => children.map((b) => [a, b] as const));
		const all = new Map([...kept, ...joined].map(([a, b]) => [`${a} ${b}`, [a, b] as const]));
		const index = (node: number) => (node > gone ? node - 1 : node);
		return {
			operations: operations.filter((_, i) => i !== gone - 1),
			edges: [...all.values()].map(([a, b]) => [index(a), index(b)] as const),
		};
	},
];

/**
 * Another cell, one edit away: an operation's type or kernel, an edge, an operation more or less, each kind equally likely. Edits that leave the
 * space (as `randomCell` samples it: at least three edges from input to output) or change nothing are drawn again.
 */
export function mutateCell(cell: Cell, random: Random): Cell {
	for (;;) {
		const draft = random.pick(EDITS)(cell, random);
		const edited = draft && createOrReject(draft);
		if (edited && edited.hash !== cell.hash && cellDepth(edited) >= 3) return edited;
	}
}

function createOrReject({ operations, edges }: Draft): Cell | undefined {
	try {
		return createCell(operations, edges);
	} catch (error) {
		if (error instanceof ArchgenError && error.reason === "CELL_NOT_CONNECTED") return undefined;
		throw error;
	}
}
