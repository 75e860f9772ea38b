import { ArchgenError } from "@archgen/errors";
import { type Random, shuffled } from "@archgen/random";
import { type Cell, cellDepth } from "./cell.js";
import { KERNELS, MAX_OPERATIONS, OPERATION_TYPES } from "./operation.js";
import { normalizeCell, RAW_NODES, type RawCell } from "./raw-cell.js";

const TYPES_WITH_SKIP = [...OPERATION_TYPES, "skip"] as const;

/** A raw cell: the number of parents of node n uniform on 1 … n, types uniform over ten, kernels uniform. */
export function randomRawCell(random: Random): RawCell {
	const adjacency = Array.from({ length: RAW_NODES }, () => new Array<number>(RAW_NODES).fill(0));
	for (let node = 1; node < RAW_NODES; node++) {
		const count = 1 + random.integer(node);
		const earlier = Array.from({ length: node }, (_, i) => i);
		for (const parent of shuffled(random, earlier).slice(0, count)) adjacency[parent]![node] = 1;
	}
	const operations = Array.from({ length: MAX_OPERATIONS }, () => ({
		type: random.pick(TYPES_WITH_SKIP),
		kernel: random.pick(KERNELS),
	}));
	return { adjacency, operations };
}

/** A random normalised cell whose longest path from input to output has at least three edges; others are redrawn. */
export function randomCell(random: Random): Cell {
	for (;;) {
		const cell = normalizeOrReject(randomRawCell(random));
		if (cell && cellDepth(cell) >= 3) return cell;
	}
}

function normalizeOrReject(raw: RawCell): Cell | undefined {
	try {
		return normalizeCell(raw);
	} catch (error) {
		if (error instanceof ArchgenError && error.reason === "CELL_NOT_CONNECTED") return undefined;
		throw error;
	}
}
