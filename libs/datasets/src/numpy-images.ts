import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { fitImages } from "./fit-images.js";
import {
	CIFAR10_NORMALIZATION,
	type ImageBatch,
	normalizePixels,
	planesOf,
	sealBatch,
} from "./image-batch.js";
import { decodeNpy, type NpyArray } from "./npy.js";
import { readNpz } from "./npz.js";
import { readNpy, readWhole } from "./read-file.js";
import { checkAvailable, type ImageSelection } from "./selection.js";

/**
 * Images from `X.npy` [n, 3, h, w] or [n, h, w, 3], labels [n] or [n, 1] from `X.labels.npy` beside it or else `labels.npy` in the same folder.
 * Floating-point images are taken as normalised already; `uint8` ones are normalised as CIFAR-10.
 */
export async function loadNpyImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const images = await readNpy(path, "images");
	return assemble(images, await readNpy(await labelsBeside(path), "labels"), selection);
}

/** Names of the arrays in an archive; the last ones are Keras's. */
const NAMES = { images: ["images", "x", "x_train"], labels: ["labels", "y", "y_train"] } as const;

/** Images and labels from arrays of an `.npz` archive ({@link NAMES}); otherwise as `.npy`. */
export async function loadNpzImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const arrays = await readNpz(await readWhole(path, "images"), Object.values(NAMES).flat());
	const find = (field: keyof typeof NAMES): NpyArray => {
		const name = NAMES[field].find((candidate) => arrays.has(candidate));
		if (name !== undefined) return decodeNpy(arrays.get(name)!, field);
		throw invalidArgument(
			field,
			`${path} holds no array named ${NAMES[field].join(", ")}`,
			"ARRAY_NOT_FOUND",
		);
	};
	return assemble(find("images"), find("labels"), selection);
}

async function labelsBeside(path: string): Promise<string> {
	const own = path.replace(/\.npy$/i, ".labels.npy");
	const shared = join(dirname(path), "labels.npy");
	return access(own).then(
		() => own,
		() => shared,
	);
}

/** How the pixels of an image lie. */
interface PixelLayout {
	readonly height: number;
	readonly width: number;
	/** [h, w, 3] instead of [3, h, w]. */
	readonly channelsLast: boolean;
}

function layoutOf({ shape }: NpyArray): PixelLayout {
	const [, first, second, last] = shape as [number, number, number, number];
	if (shape.length === 4 && first === 3) return { height: second, width: last, channelsLast: false };
	if (shape.length === 4 && last === 3) return { height: first, width: second, channelsLast: true };
	const description = `must have shape [n, 3, h, w] or [n, h, w, 3], not [${shape}]`;
	throw invalidArgument("images", description, "IMAGE_SHAPE");
}

function assemble(source: NpyArray, allLabels: NpyArray, selection: ImageSelection): ImageBatch {
	const layout = layoutOf(source);
	const [count] = source.shape;
	const [labelCount, perImage = 1, ...rest] = allLabels.shape;
	if (labelCount !== count || perImage !== 1 || rest.length > 0) {
		const description = `must have shape [${count}], one label for each image, not [${allLabels.shape}]`;
		throw invalidArgument("labels", description, "LABEL_COUNT_MISMATCH");
	}
	checkAvailable(selection, count!, layout.height, layout.width);
	const { batch, size, offset = 0 } = selection;
	const all = integerLabels(allLabels);
	const classes = selection.classes ?? all.reduce((most, label) => Math.max(most, label), 0) + 1;
	const labels = BigInt64Array.from(all.slice(offset, offset + batch), BigInt);
	const chosen = selectPixels(source, layout, offset, batch);
	const { images, warnings } = fitImages(chosen, layout, size);
	return sealBatch(images, labels, size, classes, [...rangeWarning(source, chosen), ...warnings]);
}

/** [batch, 3, h, w]. */
function selectPixels(
	{ data, dtype }: NpyArray,
	{ height, width, channelsLast }: PixelLayout,
	offset: number,
	batch: number,
): Float32Array {
	const pixels = 3 * height * width;
	const images = new Float32Array(batch * pixels);
	for (let i = 0; i < batch; i++) {
		const start = (offset + i) * pixels;
		const image = data.subarray(start, start + pixels) as typeof data;
		if (image instanceof Float32Array || image instanceof Float64Array) {
			images.set(channelsLast ? planesOf(image) : image, i * pixels);
		} else if (dtype === "uint8" && image instanceof Uint8Array) {
			const planes = channelsLast ? planesOf(image) : image;
			normalizePixels(planes, CIFAR10_NORMALIZATION, images, i * pixels);
		} else {
			const description = `must be float16, float32, float64 or uint8, not ${dtype}`;
			throw invalidArgument("images", description, "IMAGE_TYPE");
		}
	}
	return images;
}

/** Normalised values stay well below this; bytes that were only converted to floats do not. */
const LARGEST_NORMALIZED = 16;

/** Floats that were never normalised are said, with the range seen. */
function rangeWarning({ dtype }: NpyArray, images: Float32Array): string[] {
	if (dtype === "uint8") return [];
	const least = images.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
	const most = images.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
	if (least < 0 || !(most > LARGEST_NORMALIZED)) return [];
	return [
		`the images hold floats from ${least} to ${most} and are taken as normalised; for pixels of 0…255 save them as uint8, else (x/255 - mean)/std`,
	];
}

function integerLabels({ data, dtype }: NpyArray): number[] {
	const labels = Array.from(data, Number);
	if (dtype === "bool" || !labels.every(Number.isSafeInteger)) {
		throw invalidArgument("labels", `must hold integers, not ${dtype} values`, "LABEL_TYPE");
	}
	return labels;
}
