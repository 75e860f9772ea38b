import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { loadCifar } from "./cifar.js";
import type { ImageBatch } from "./image-batch.js";
import { loadNpyImages, loadNpzImages } from "./numpy-images.js";
import { loadPictureFolder } from "./picture-folder.js";
import { unreadable } from "./read-file.js";
import { checkSelection, type ImageSelection } from "./selection.js";

type Loader = (path: string, selection: ImageSelection) => Promise<ImageBatch>;

/** Readers by file extension. */
const LOADERS: Readonly<Record<string, Loader>> = {
	".bin": loadCifar,
	".npy": loadNpyImages,
	".npz": loadNpzImages,
};

/**
 * A batch of real images from a CIFAR binary (`.bin`), a NumPy array (`.npy`) or archive (`.npz`), or a folder of PNG and
 * JPEG pictures.
 *
 * Nothing is resized or shuffled: images `offset … offset + batch − 1` of the source, in order.
 * Throws ArchgenError naming the offending field: `UNSUPPORTED_FORMAT`, `FILE_NOT_FOUND`, `TRUNCATED_FILE`,
 * `IMAGE_SIZE_MISMATCH`, `TOO_FEW_IMAGES`, `NON_FINITE_VALUE`, `LABEL_OUT_OF_RANGE` and those of the formats.
 */
export async function loadImages(path: string, selection: ImageSelection): Promise<ImageBatch> {
	checkSelection(selection);
	const loader = LOADERS[extname(path).toLowerCase()];
	if (loader !== undefined) return loader(path, selection);
	const found = await stat(path).catch((cause: unknown) => {
		throw unreadable(path, "images", cause);
	});
	if (found.isDirectory()) return loadPictureFolder(path, selection);
	throw invalidArgument(
		"images",
		`${path} is no folder of pictures and has none of the extensions ${Object.keys(LOADERS).join(", ")}`,
		"UNSUPPORTED_FORMAT",
	);
}
