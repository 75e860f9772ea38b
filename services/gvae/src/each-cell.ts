import type { ArchgenError } from "@archgen/errors";
import { type CallContext, type common, errorToItem, toDomainError } from "@archgen/rpc";
import type { Cell } from "@archgen/search-space";
import { cellFromMessage } from "@archgen/wire";

/** An outcome, or why one item has none. */
export type Outcome<T> = T | { readonly $case: "error"; readonly value: common.ItemError };

/**
 * One outcome for each message in order; those that are no cell fail singly.
 *
 * @param compute outcomes of the cells among them, in order; not called when there is none
 */
export async function eachCell<T>(
	messages: readonly common.Cell[],
	context: CallContext,
	compute: (cells: readonly Cell[]) => Promise<readonly T[]>,
): Promise<Outcome<T>[]> {
	const cells = messages.map((message, index) => readCell(message, index, context));
	const valid = cells.filter((cell): cell is Cell => !(cell instanceof Error));
	const outcomes = valid.length > 0 ? [...(await compute(valid))] : [];
	return cells.map((cell) =>
		cell instanceof Error ? { $case: "error", value: errorToItem(cell) } : outcomes.shift()!,
	);
}

function readCell(message: common.Cell, index: number, context: CallContext): Cell | ArchgenError {
	try {
		return cellFromMessage(message, `cells[${index}]`);
	} catch (failure) {
		return toDomainError(failure, context);
	}
}
