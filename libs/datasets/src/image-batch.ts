import { createHash } from "node:crypto";
import { invalidArgument } from "@archgen/errors";

/** Images and labels as the proxies and trainers feed them. */
export interface ImageBatch {
	/** [n, channels, h, w], normalised; three channels where they come from pictures. */
	readonly images: Float32Array;
	readonly shape: readonly [number, number, number, number];
	/** [n], each in 0 … classes − 1. */
	readonly labels: BigInt64Array;
	readonly classes: number;
	/** Equal for equal batches: `sha256:…` of shape, pixels and labels, or `normal:…` of the random stream. */
	readonly identity: string;
	/** What the user should know about the images that were read; none for most. */
	readonly warnings?: readonly string[];
}

/** Per-channel mean and standard deviation over pixels scaled to 0 … 1. */
export interface Normalization {
	readonly mean: readonly [number, number, number];
	readonly std: readonly [number, number, number];
}

/** CIFAR-10's training-set statistics: value = (x/255 − mean)/std. Also used for `uint8` NumPy images. */
export const CIFAR10_NORMALIZATION: Normalization = {
	mean: [0.4914, 0.4822, 0.4465],
	std: [0.247, 0.2435, 0.2616],
};

/** CIFAR-100's training-set statistics. */
export const CIFAR100_NORMALIZATION: Normalization = {
	mean: [0.5071, 0.4865, 0.4409],
	std: [0.2673, 0.2564, 0.2762],
};

/** [h, w, 3] → [3, h, w]. */
export function planesOf<T extends Float32Array | Float64Array | Uint8Array>(interleaved: T): T {
	const planes = interleaved.slice() as T;
	const plane = interleaved.length / 3;
	for (let i = 0; i < plane; i++)
		for (let channel = 0; channel < 3; channel++) planes[channel * plane + i] = interleaved[i * 3 + channel]!;
	return planes;
}

/** Writes `pixels` [3, h, w] (0 … 255), normalised, at `target[offset…]`. */
export function normalizePixels(
	pixels: Uint8Array,
	by: Normalization,
	target: Float32Array,
	offset: number,
): void {
	const plane = pixels.length / 3;
	for (let channel = 0; channel < 3; channel++) {
		const mean = by.mean[channel]!;
		const std = by.std[channel]!;
		for (let i = channel * plane; i < (channel + 1) * plane; i++) {
			target[offset + i] = (pixels[i]! / 255 - mean) / std;
		}
	}
}

/**
 * Checks pixels and labels and stamps the batch with its identity.
 * Throws `NON_FINITE_VALUE` (field `images`) or `LABEL_OUT_OF_RANGE` (field `labels`), naming the position.
 */
export function sealBatch(
	images: Float32Array,
	labels: BigInt64Array,
	size: number,
	classes: number,
	warnings: readonly string[] = [],
): ImageBatch {
	const shape = [labels.length, 3, size, size] as const;
	const bad = images.findIndex((value) => !Number.isFinite(value));
	if (bad >= 0) {
		const image = Math.floor(bad / (3 * size * size));
		throw invalidArgument("images", `image ${image} of the batch holds ${images[bad]}`, "NON_FINITE_VALUE");
	}
	const wrong = labels.findIndex((label) => label < 0n || label >= BigInt(classes));
	if (wrong >= 0) {
		const description = `label ${labels[wrong]} of image ${wrong} of the batch is not in 0..${classes - 1}`;
		throw invalidArgument("labels", description, "LABEL_OUT_OF_RANGE");
	}
	const hash = createHash("sha256")
		.update(JSON.stringify({ shape, classes }))
		.update(bytesOf(images))
		.update(bytesOf(labels));
	const identity = `sha256:${hash.digest("hex")}`;
	return { images, shape, labels, classes, identity, ...(warnings.length > 0 && { warnings }) };
}

function bytesOf(array: Float32Array | BigInt64Array): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
