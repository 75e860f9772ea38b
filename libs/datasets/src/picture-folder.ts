import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { CIFAR10_NORMALIZATION, type ImageBatch, normalizePixels, sealBatch } from "./image-batch.js";
import { readWhole } from "./read-file.js";
import { checkAvailable, type ImageSelection } from "./selection.js";

const EXTENSIONS = new Set([".png", ".jpg", ".jpeg"]);
/** Classes of pictures that no folder sorts into classes. */
const DEFAULT_CLASSES = 10;

interface Picture {
	readonly path: string;
	readonly label: number;
}

/**
 * Images from a folder of PNG and JPEG pictures, in order of their names, normalised as CIFAR-10.
 *
 * Sub-folders are classes, in order of their names; their pictures are taken in turn, one of each, so that a batch sees all
 * of them. Pictures that lie in the folder itself have no class: their labels go round through `classes`, 10 unless given.
 *
 * Throws `TOO_FEW_IMAGES`, `IMAGE_SIZE_MISMATCH`, `TRUNCATED_FILE` for a picture that cannot be decoded, `LABEL_OUT_OF_RANGE`.
 */
export async function loadPictureFolder(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const { pictures, classes } = await listPictures(path, selection.classes);
	const { batch, size, offset = 0 } = selection;
	checkAvailable(selection, pictures.length, size, size);
	const chosen = pictures.slice(offset, offset + batch);
	const pixels = 3 * size * size;
	const images = new Float32Array(batch * pixels);
	for (const [i, picture] of chosen.entries()) {
		const planes = await decode(picture.path, selection);
		normalizePixels(planes, CIFAR10_NORMALIZATION, images, i * pixels);
	}
	const labels = BigInt64Array.from(chosen, ({ label }) => BigInt(label));
	return sealBatch(images, labels, size, classes);
}

async function listPictures(folder: string, wanted: number | undefined) {
	const entries = await readdir(folder, { withFileTypes: true });
	const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
	const classFolders = await Promise.all(names.sort().map((name) => picturesIn(join(folder, name))));
	const sorted = classFolders.filter((paths) => paths.length > 0);
	if (sorted.length > 0) return { pictures: inTurn(sorted), classes: wanted ?? sorted.length };
	const classes = wanted ?? DEFAULT_CLASSES;
	const flat = await picturesIn(folder);
	return { pictures: flat.map((path, i): Picture => ({ path, label: i % classes })), classes };
}

async function picturesIn(folder: string): Promise<string[]> {
	const names = (await readdir(folder)).filter((name) => EXTENSIONS.has(extname(name).toLowerCase()));
	return names.sort().map((name) => join(folder, name));
}

/** The first of each class, then the second of each, and so on. */
function inTurn(classes: readonly (readonly string[])[]): Picture[] {
	const longest = classes.reduce((most, { length }) => Math.max(most, length), 0);
	return Array.from({ length: longest }, (_, i) =>
		classes.flatMap((paths, label) => (paths[i] === undefined ? [] : [{ path: paths[i], label }])),
	).flat();
}

/** Red, green and blue planes [3, size, size]; grey becomes three equal ones, transparency is dropped. */
async function decode(path: string, { batch, size }: ImageSelection): Promise<Uint8Array> {
	// loaded when it is needed: it brings a native library
	const { default: sharp } = await import("sharp");
	const picture = sharp(await readWhole(path, "images"), { failOn: "truncated" });
	try {
		const { width, height } = await picture.metadata();
		checkAvailable({ batch: 1, size }, batch, height, width);
		return planesOf(await picture.removeAlpha().toColourspace("srgb").raw({ depth: "uchar" }).toBuffer());
	} catch (cause) {
		if (cause instanceof ArchgenError) throw withPath(cause, path);
		const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
		throw invalidArgument("images", `${path} cannot be decoded (${why}); is it truncated?`, "TRUNCATED_FILE");
	}
}

function withPath(error: ArchgenError, path: string): ArchgenError {
	return new ArchgenError({ ...error, message: `${path}: ${error.message}`, cause: error });
}

/** [h, w, 3] → [3, h, w]. */
function planesOf(interleaved: Uint8Array): Uint8Array {
	const plane = interleaved.length / 3;
	return Uint8Array.from(interleaved, (_, i) => interleaved[(i % plane) * 3 + Math.floor(i / plane)]!);
}
