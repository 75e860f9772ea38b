import type { Phase } from "@archgen/evolution";
import type { Counts } from "@archgen/search-space";

/** One evaluation of a search that looks a table up: a line of its history. */
export interface TableRecord {
	/** Position in the history, from 0. */
	readonly index: number;
	/** Number of the proposal, the same here: nothing is dropped. */
	readonly proposal: number;
	/** `exploration` for those that are drawn at random, before there is a surrogate. */
	readonly phase: Phase;
	/** Name of the search space. */
	readonly space: string;
	/** As tables of the space write it. */
	readonly architecture: unknown;
	/** Of the network, for the images and classes of the space's benchmark. */
	readonly counts: Counts;
	/** The value of the table. */
	readonly score: number;
}

/** The record of a line that a search of a table wrote; undefined for lines of other searches. */
export function readTableRecord(line: string): TableRecord | undefined {
	const read = JSON.parse(line) as TableRecord | { readonly design: unknown };
	return "architecture" in read ? read : undefined;
}
