import { createHash } from "node:crypto";
import { invalidArgument } from "@archgen/errors";
import type { ImageBatch } from "./image-batch.js";

/**
 * The same images with every pixel repeated, for networks that take larger ones.
 *
 * @param size side of the result, a multiple of the images' side
 * @throws ArchgenError INVALID_ARGUMENT (field `size`), reason IMAGE_SIZE_MISMATCH, for any other size
 */
export function enlargeBatch(batch: ImageBatch, size: number): ImageBatch {
	const [count, channels, side] = batch.shape;
	if (size === side) return batch;
	const factor = size / side;
	if (!Number.isInteger(factor))
		throw invalidArgument(
			"size",
			`must be a multiple of ${side}, the side of the images`,
			"IMAGE_SIZE_MISMATCH",
		);
	const images = new Float32Array(count * channels * size * size);
	for (let plane = 0; plane < count * channels; plane++)
		for (let y = 0; y < size; y++)
			for (let x = 0; x < size; x++) {
				const source = (plane * side + Math.floor(y / factor)) * side + Math.floor(x / factor);
				images[(plane * size + y) * size + x] = batch.images[source]!;
			}
	const digest = createHash("sha256").update(`${batch.identity}/${size}`).digest("hex");
	return { ...batch, images, shape: [count, channels, size, size], identity: `enlarged:${digest}` };
}
