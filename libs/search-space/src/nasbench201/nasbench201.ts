import { invalidArgument } from "@archgen/errors";
import type { Cell } from "../cell.js";
import { normalizeCell, RAW_NODES, type RawOperation } from "../raw-cell.js";

/** Edges (from, to) of the four nodes of a NAS-Bench-201 cell, in the order of its architecture string. */
export const NASBENCH201_EDGES = [
	[0, 1],
	[0, 2],
	[1, 2],
	[0, 3],
	[1, 3],
	[2, 3],
] as const;

const OPERATIONS = {
	none: null,
	skip_connect: { type: "skip", kernel: 1 },
	nor_conv_1x1: { type: "conv", kernel: 1 },
	nor_conv_3x3: { type: "conv", kernel: 3 },
	avg_pool_3x3: { type: "avg_pool", kernel: 3 },
} as const satisfies Record<string, RawOperation | null>;

/** Name of an operation of that benchmark. */
export type NasBench201Operation = keyof typeof OPERATIONS;

/** The five operations, in the order of their tensor classes. */
export const NASBENCH201_OPERATIONS = Object.keys(OPERATIONS) as readonly NasBench201Operation[];

const FORM = /^\|([^|+]+)~0\|\+\|([^|+]+)~0\|([^|+]+)~1\|\+\|([^|+]+)~0\|([^|+]+)~1\|([^|+]+)~2\|$/;
const EXAMPLE =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/**
 * Embeds a NAS-Bench-201 architecture string in Ω: each operation on an edge becomes a node, `none` nothing, a skip an
 * edge. Edges are 0/1, so parallel skip paths collapse to one.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `arch`), reason INVALID_ARCH_STRING, UNKNOWN_OPERATION or
 *   CELL_NOT_CONNECTED
 */
export function cellFromNasBench201(arch: string): Cell {
	const operations = nasBench201Operations(arch).map((name): RawOperation | null => OPERATIONS[name]);
	const adjacency = Array.from({ length: RAW_NODES }, () => new Array<number>(RAW_NODES).fill(0));
	const connect = (from: number, to: number) => {
		adjacency[from]![to] = 1;
	};
	// The operation on edge e becomes node e + 1; it is fed by the operations on the edges that end where e starts.
	NASBENCH201_EDGES.forEach(([source, target], e) => {
		if (!operations[e]) return;
		if (source === 0) connect(0, e + 1);
		NASBENCH201_EDGES.forEach(([, end], before) => {
			if (end === source && operations[before]) connect(before + 1, e + 1);
		});
		if (target === 3) connect(e + 1, RAW_NODES - 1);
	});
	const slots = operations.map((operation) => operation ?? ({ type: "skip", kernel: 1 } as const));
	return normalizeCell({ adjacency, operations: slots });
}

/**
 * The operation on each edge of an architecture string, in the order of `NASBENCH201_EDGES`.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `arch`), reason INVALID_ARCH_STRING or UNKNOWN_OPERATION
 */
export function nasBench201Operations(arch: unknown): NasBench201Operation[] {
	const names = typeof arch === "string" ? FORM.exec(arch.trim())?.slice(1) : undefined;
	if (!names)
		throw invalidArgument("arch", `is not a NAS-Bench-201 string such as ${EXAMPLE}`, "INVALID_ARCH_STRING");
	return names.map(operationName);
}

/** The architecture string of the operations on the six edges: inverse of {@link nasBench201Operations}. */
export function nasBench201String(operations: readonly NasBench201Operation[]): string {
	const groups = [1, 2, 3].map((node) =>
		NASBENCH201_EDGES.flatMap(([from, to], e) => (to === node ? [`${operations[e]}~${from}`] : [])),
	);
	return groups.map((group) => `|${group.join("|")}|`).join("+");
}

function operationName(name: string): NasBench201Operation {
	if (!Object.hasOwn(OPERATIONS, name))
		throw invalidArgument(
			"arch",
			`unknown operation ${JSON.stringify(name)}; use one of ${Object.keys(OPERATIONS).join(", ")}`,
			"UNKNOWN_OPERATION",
		);
	return name as NasBench201Operation;
}
