import { ZC_COLUMNS } from "@archgen/design";
import type { GvaeModel } from "@archgen/gvae";
import type { Cell } from "@archgen/search-space";

/** What the predictor says of cells, without a measurement: a standardised zero-cost vector for each, q(f) of its own latent. */
export async function predictedVectors(
	gvae: GvaeModel,
	cells: readonly Cell[],
	signal?: AbortSignal,
): Promise<readonly number[][]> {
	const flat = await gvae.predict(await gvae.encode(cells, signal), signal);
	const width = ZC_COLUMNS.length;
	return cells.map((_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
}
