import type { ArchgenError } from "@archgen/errors";
import type { GvaeModel } from "@archgen/gvae";
import { type CallContext, type common, errorToItem, type gvae, toDomainError } from "@archgen/rpc";
import type { Cell } from "@archgen/search-space";
import { cellFromMessage, latentsToMessages } from "@archgen/wire";

/** Encodes cells; those that are none fail singly. */
export async function encodeCells(
	model: GvaeModel,
	messages: readonly common.Cell[],
	context: CallContext,
): Promise<gvae.EncodedCell[]> {
	const cells = messages.map((message, index) => readCell(message, index, context));
	const valid = cells.filter((cell): cell is Cell => !(cell instanceof Error));
	const latents = latentsToMessages(await model.encode(valid, context.signal), model.latent);
	let next = 0;
	return cells.map((cell): gvae.EncodedCell => {
		if (cell instanceof Error) {
			return { outcome: { $case: "error", value: errorToItem(cell) } };
		}
		const latent = latents[next]!;
		next += 1;
		return { outcome: { $case: "latent", value: latent } };
	});
}

function readCell(message: common.Cell, index: number, context: CallContext): Cell | ArchgenError {
	try {
		return cellFromMessage(message, `cells[${index}]`);
	} catch (failure) {
		return toDomainError(failure, context);
	}
}
