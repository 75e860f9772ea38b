import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { fitImages } from "./fit-images.js";
import { CIFAR10_NORMALIZATION, type ImageBatch, normalizePixels, sealBatch } from "./image-batch.js";
import { decodeNpy, type NpyArray } from "./npy.js";
import { readNpz } from "./npz.js";
import { readNpy, readWhole } from "./read-file.js";
import { checkAvailable, type ImageSelection } from "./selection.js";

/**
 * Images from `X.npy` [n, 3, h, w], labels from `X.labels.npy` beside it or else `labels.npy` in the same folder.
 * Floating-point images are taken as normalised already; `uint8` ones are normalised as CIFAR-10.
 */
export async function loadNpyImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const images = await readNpy(path, "images");
	return assemble(images, await readNpy(await labelsBeside(path), "labels"), selection);
}

/** Names of the arrays in an archive. */
const NAMES = { images: ["images", "x"], labels: ["labels", "y"] } as const;

/** Images from the arrays `images` (or `x`) and `labels` (or `y`) of an `.npz` archive; otherwise as `.npy`. */
export async function loadNpzImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const arrays = await readNpz(await readWhole(path, "images"), Object.values(NAMES).flat());
	const find = (field: keyof typeof NAMES): NpyArray => {
		const name = NAMES[field].find((candidate) => arrays.has(candidate));
		if (name !== undefined) return decodeNpy(arrays.get(name)!, field);
		throw invalidArgument(
			field,
			`${path} holds no array named ${NAMES[field].join(" or ")}`,
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

function assemble(source: NpyArray, allLabels: NpyArray, selection: ImageSelection): ImageBatch {
	const [count, channels, height, width] = source.shape;
	if (source.shape.length !== 4 || channels !== 3) {
		const advice = source.shape.length === 4 && width === 3 ? "; save x.transpose(0, 3, 1, 2)" : "";
		throw invalidArgument(
			"images",
			`must have shape [n, 3, h, w], not [${source.shape}]${advice}`,
			"IMAGE_SHAPE",
		);
	}
	if (allLabels.shape.length !== 1 || allLabels.shape[0] !== count) {
		const description = `must have shape [${count}], one label for each image, not [${allLabels.shape}]`;
		throw invalidArgument("labels", description, "LABEL_COUNT_MISMATCH");
	}
	checkAvailable(selection, count!, height!, width!);
	const { batch, size, offset = 0 } = selection;
	const all = integerLabels(allLabels);
	const classes = selection.classes ?? all.reduce((most, label) => Math.max(most, label), 0) + 1;
	const labels = BigInt64Array.from(all.slice(offset, offset + batch), BigInt);
	const chosen = selectPixels(source, offset, batch, 3 * height! * width!);
	const { images, warnings } = fitImages(chosen, { height: height!, width: width! }, size);
	return sealBatch(images, labels, size, classes, [...rangeWarning(source, chosen), ...warnings]);
}

function selectPixels(source: NpyArray, offset: number, batch: number, pixels: number): Float32Array {
	const { data, dtype } = source;
	if (data instanceof Float32Array || data instanceof Float64Array) {
		return Float32Array.from(data.subarray(offset * pixels, (offset + batch) * pixels));
	}
	if (dtype !== "uint8" || !(data instanceof Uint8Array)) {
		throw invalidArgument("images", `must be float16, float32, float64 or uint8, not ${dtype}`, "IMAGE_TYPE");
	}
	const images = new Float32Array(batch * pixels);
	for (let i = 0; i < batch; i++) {
		const start = (offset + i) * pixels;
		normalizePixels(data.subarray(start, start + pixels), CIFAR10_NORMALIZATION, images, i * pixels);
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
