import { type Cell, parentsOf } from "./cell.js";

/** How a node of a cell gets its input. */
export interface NodeWiring {
	/** Nodes whose sum it reads, in ascending order. */
	readonly parents: readonly number[];
	/** True for an operation fed by the cell's input alone: it reads the raw input and changes channels and stride itself. */
	readonly readsRaw: boolean;
}

/** How an instance of a cell is wired. Every form of a cell, layers, sites of a latency table, PyTorch, picture, follows it. */
export interface CellWiring {
	/** Of operations 1 … n and, last, of the output n + 1. */
	readonly nodes: readonly NodeWiring[];
	/**
	 * Whether anything reads the projected input: a node that adds the input to something else, or the output. A projection that nothing
	 * reads would cost parameters and change no result, so it is left out; every published cell reads its own.
	 */
	readonly usesProjection: boolean;
}

/** The wiring of a cell. */
export function cellWiring(cell: Cell): CellWiring {
	const output = cell.operations.length + 1;
	const nodes = Array.from({ length: output }, (_, i): NodeWiring => {
		const parents = parentsOf(cell, i + 1);
		return { parents, readsRaw: i + 1 < output && parents.length === 1 && parents[0] === 0 };
	});
	return { nodes, usesProjection: nodes.some(({ parents, readsRaw }) => !readsRaw && parents.includes(0)) };
}
