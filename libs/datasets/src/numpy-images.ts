import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { unzipSync } from "fflate";
import { CIFAR10_NORMALIZATION, type ImageBatch, normalizePixels, sealBatch } from "./image-batch.js";
import { decodeNpy, type NpyArray } from "./npy.js";
import { MAX_FILE_BYTES, readNpy, readWhole } from "./read-file.js";
import { checkAvailable, type ImageSelection } from "./selection.js";

/**
 * Images from `X.npy` [n, 3, h, w], labels from `X.labels.npy` beside it or else `labels.npy` in the same folder.
 * Floating-point images are taken as normalised already; `uint8` ones are normalised as CIFAR-10.
 */
export async function loadNpyImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const images = await readNpy(path, "images");
	return assemble(images, await readNpy(await labelsBeside(path), "labels"), selection);
}

/** Images from the arrays `images` (or `x`) and `labels` (or `y`) of an `.npz` archive; otherwise as `.npy`. */
export async function loadNpzImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const arrays = readNpz(await readWhole(path, "images"));
	const find = (field: string, names: readonly string[]): NpyArray => {
		const name = names.find((candidate) => arrays.has(candidate));
		if (name !== undefined) return decodeNpy(arrays.get(name)!, field);
		throw invalidArgument(field, `${path} holds no array named ${names.join(" or ")}`, "ARRAY_NOT_FOUND");
	};
	return assemble(find("images", ["images", "x"]), find("labels", ["labels", "y"]), selection);
}

const ARRAYS = new Set(["images.npy", "x.npy", "labels.npy", "y.npy"]);

function readNpz(file: Uint8Array): Map<string, Uint8Array> {
	try {
		// Other members are never inflated, and a member that claims to be huge is left out.
		const members = unzipSync(file, {
			filter: (m) => ARRAYS.has(m.name) && m.originalSize <= MAX_FILE_BYTES,
		});
		return new Map(Object.entries(members).map(([name, bytes]) => [name.slice(0, -".npy".length), bytes]));
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw invalidArgument("images", `the .npz archive is truncated or damaged (${why})`, "TRUNCATED_FILE");
	}
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
		throw invalidArgument("images", `must have shape [n, 3, h, w], not [${source.shape}]`, "IMAGE_SHAPE");
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
	return sealBatch(selectPixels(source, offset, batch, 3 * size * size), labels, size, classes);
}

function selectPixels(source: NpyArray, offset: number, batch: number, pixels: number): Float32Array {
	const { data, dtype } = source;
	if (data instanceof Float32Array || data instanceof Float64Array) {
		return Float32Array.from(data.subarray(offset * pixels, (offset + batch) * pixels));
	}
	if (dtype !== "uint8" || !(data instanceof Uint8Array)) {
		throw invalidArgument("images", `must be float32, float64 or uint8, not ${dtype}`, "IMAGE_TYPE");
	}
	const images = new Float32Array(batch * pixels);
	for (let i = 0; i < batch; i++) {
		const start = (offset + i) * pixels;
		normalizePixels(data.subarray(start, start + pixels), CIFAR10_NORMALIZATION, images, i * pixels);
	}
	return images;
}

function integerLabels({ data, dtype }: NpyArray): number[] {
	const labels = Array.from(data, Number);
	if (dtype === "bool" || !labels.every(Number.isSafeInteger)) {
		throw invalidArgument("labels", `must hold integers, not ${dtype} values`, "LABEL_TYPE");
	}
	return labels;
}
