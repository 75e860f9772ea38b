import { invalidArgument } from "@archgen/errors";
import { fitImages } from "./fit-images.js";
import {
	CIFAR10_NORMALIZATION,
	CIFAR100_NORMALIZATION,
	type ImageBatch,
	type Normalization,
	normalizePixels,
	sealBatch,
} from "./image-batch.js";
import { fileSize, readRange } from "./read-file.js";
import { checkAvailable, type ImageSelection } from "./selection.js";

const SIZE = 32;
const PIXELS = 3 * SIZE * SIZE;

/** One record = label bytes, then 3072 channel-major pixels (https://www.cs.toronto.edu/~kriz/cifar.html). */
interface CifarLayout {
	readonly name: string;
	readonly labelBytes: number;
	readonly classes: number;
	readonly normalization: Normalization;
}

// In CIFAR-100 the coarse label comes first; the last label byte is the fine one, which is used.
const LAYOUTS: readonly CifarLayout[] = [
	{ name: "CIFAR-10", labelBytes: 1, classes: 10, normalization: CIFAR10_NORMALIZATION },
	{ name: "CIFAR-100", labelBytes: 2, classes: 100, normalization: CIFAR100_NORMALIZATION },
];

/**
 * Images from an official CIFAR-10 or CIFAR-100 binary file, normalised by the data set's own statistics.
 *
 * The layout follows from the file's length; where both fit, `classes` decides (CIFAR-10 unless 100).
 * Throws `TRUNCATED_FILE`, `IMAGE_SIZE_MISMATCH`, `TOO_FEW_IMAGES` or `LABEL_OUT_OF_RANGE`.
 */
export async function loadCifar(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const bytes = await fileSize(path, "images");
	const layout = chooseLayout(path, bytes, selection.classes);
	const record = layout.labelBytes + PIXELS;
	checkAvailable(selection, bytes / record, SIZE, SIZE);
	const { batch, size, offset = 0, classes = layout.classes } = selection;
	const source = await readRange(path, "images", offset * record, batch * record);
	const images = new Float32Array(batch * PIXELS);
	const labels = new BigInt64Array(batch);
	for (let i = 0; i < batch; i++) {
		const pixels = i * record + layout.labelBytes;
		labels[i] = BigInt(source[pixels - 1]!);
		normalizePixels(source.subarray(pixels, pixels + PIXELS), layout.normalization, images, i * PIXELS);
	}
	const fitted = fitImages(images, { height: SIZE, width: SIZE }, size);
	return sealBatch(fitted.images, labels, size, classes, fitted.warnings);
}

function chooseLayout(path: string, bytes: number, classes: number | undefined): CifarLayout {
	const fitting = LAYOUTS.filter((layout) => bytes > 0 && bytes % (layout.labelBytes + PIXELS) === 0);
	const layout = fitting.find((candidate) => candidate.classes === classes) ?? fitting[0];
	if (layout === undefined) {
		const description = `${path} has ${bytes} bytes, which is no whole number of CIFAR-10 (3073) or CIFAR-100 (3074) records; it is truncated or not a CIFAR file`;
		throw invalidArgument("images", description, "TRUNCATED_FILE");
	}
	return layout;
}
