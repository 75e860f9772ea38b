import type { FlowData } from "@archgen/ccnf";
import type { GvaeModel } from "@archgen/gvae";
import type { Random } from "@archgen/random";
import { drawCells } from "../labels/draw-cells.js";

/** Latents of distinct random cells, each under the zero-cost vector that the predictor gives it: z = q(f). */
export async function encodeRandomCells(
	gvae: GvaeModel,
	random: Random,
	count: number,
	signal: AbortSignal,
): Promise<FlowData> {
	const cells = [...drawCells(random, count)].map(({ cell }) => cell);
	const latents = await gvae.encode(cells, signal);
	return { latents, conditions: await gvae.predict(latents, signal) };
}
