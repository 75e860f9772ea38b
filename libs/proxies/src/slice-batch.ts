import type { ImageBatch } from "@archgen/datasets";

/** Images start … end − 1 of a batch. */
export function sliceBatch(batch: ImageBatch, start: number, end: number): ImageBatch {
	const [count, channels, height, width] = batch.shape;
	const pixels = batch.images.length / count;
	return {
		...batch,
		images: batch.images.subarray(start * pixels, end * pixels),
		labels: batch.labels.subarray(start, end),
		shape: [end - start, channels, height, width],
		identity: `${batch.identity}/${start}-${end}`,
	};
}
