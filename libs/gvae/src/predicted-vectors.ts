import { ZC_COLUMNS } from "@archgen/design";
import type { Cell } from "@archgen/search-space";
import type { GvaeModel } from "./gvae-model.js";

/** Cells that pass through encoder and predictor at once. */
const CHUNK = 512;

/** What the predictor says of cells, without a measurement: a standardised zero-cost vector for each, q(f) of its own latent. */
export async function predictedVectors(
	gvae: GvaeModel,
	cells: readonly Cell[],
	signal?: AbortSignal,
): Promise<readonly number[][]> {
	const vectors: number[][] = [];
	const width = ZC_COLUMNS.length;
	for (let start = 0; start < cells.length; start += CHUNK) {
		const chunk = cells.slice(start, start + CHUNK);
		const flat = await gvae.predict(await gvae.encode(chunk, signal), signal);
		vectors.push(...chunk.map((_, i) => [...flat.subarray(i * width, (i + 1) * width)]));
	}
	return vectors;
}
