import type { GvaeModel } from "@archgen/gvae";
import { type CallContext, type common, type gvae, inSpan } from "@archgen/rpc";
import { latentsToMessages } from "@archgen/wire";
import { eachCell } from "./each-cell.js";

/** Encodes cells; those that are none fail singly. */
export async function encodeCells(
	model: GvaeModel,
	messages: readonly common.Cell[],
	context: CallContext,
): Promise<gvae.EncodedCell[]> {
	const outcomes = await eachCell(messages, context, async (cells) => {
		const latents = latentsToMessages(
			await inSpan("encode", () => model.encode(cells, context.signal), { cells: cells.length }),
			model.latent,
		);
		return latents.map((value) => ({ $case: "latent", value }) as const);
	});
	return outcomes.map((outcome) => ({ outcome }));
}
