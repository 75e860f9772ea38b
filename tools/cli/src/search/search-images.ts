import { type ImageBatch, syntheticBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";

/** The standard normal images that the networks of a search are scored on. */
export function searchImages(
	seed: number,
	images: { readonly batch: number; readonly size: number; readonly classes: number },
): ImageBatch {
	return syntheticBatch(createRandom(seed).fork("images"), images);
}
