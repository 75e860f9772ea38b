import { basename, join } from "node:path";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { fitImages } from "./fit-images.js";
import {
	CIFAR10_NORMALIZATION,
	type ImageBatch,
	normalizePixels,
	planesOf,
	sealBatch,
} from "./image-batch.js";
import { type Listing, listFolder, PICTURE_EXTENSIONS, picturesBelow } from "./list-pictures.js";
import { readWhole } from "./read-file.js";
import { checkAvailable, type ImageSelection } from "./selection.js";

/** Classes of pictures that no folder sorts into classes. */
const DEFAULT_CLASSES = 10;
/** Pixels of a picture (8192 × 8192), 1.3 GB while it is read: a file of some kilobytes may say that it has any number. */
const MOST_PIXELS = 2 ** 26;

interface Picture {
	readonly path: string;
	readonly label: number;
}

/**
 * Images from a folder of pictures, in order of their names, normalised as CIFAR-10.
 *
 * Sub-folders are classes, in order of their names, whether they lie there or are linked; their pictures are taken in turn, one of each, so that a batch
 * sees all of them. Names that begin with a dot are passed over. Pictures that lie in the folder itself have no class: their labels go round
 * through `classes`, 10 unless given.
 *
 * Throws `TOO_FEW_IMAGES`, `PICTURES_TOO_DEEP` for a folder of splits, `IMAGE_SIZE_MISMATCH`, `TRUNCATED_FILE` for a picture that is empty or cannot be
 * decoded, `PICTURE_TOO_LARGE` for one of more than 67 million pixels, `UNSUPPORTED_FORMAT` for one of a format that is not read, `LABEL_OUT_OF_RANGE`.
 */
export async function loadPictureFolder(path: string, selection: ImageSelection): Promise<ImageBatch> {
	const { pictures, classes, warnings } = await listPictures(path, selection.classes);
	const { batch, size, offset = 0 } = selection;
	if (pictures.length === 0) throw noPictures(path);
	checkAvailable(selection, pictures.length, size, size);
	const chosen = pictures.slice(offset, offset + batch);
	const pixels = 3 * size * size;
	const images = new Float32Array(batch * pixels);
	const said = new Set(warnings);
	for (const [i, picture] of chosen.entries()) {
		const fitted = await readPicture(picture.path, selection);
		images.set(fitted.images, i * pixels);
		for (const warning of fitted.warnings) said.add(warning);
	}
	const labels = BigInt64Array.from(chosen, ({ label }) => BigInt(label));
	return sealBatch(images, labels, size, classes, [...said]);
}

async function listPictures(folder: string, wanted: number | undefined) {
	const top = await listFolder(folder);
	const listings = await Promise.all(top.folders.map((name) => listFolder(join(folder, name))));
	const sorted: (readonly string[])[] = [];
	// One after another: of several folders of splits the first one is named.
	for (const listing of listings) sorted.push(await picturesOfClass(folder, listing));
	const filled = sorted.filter((paths) => paths.length > 0);
	if (filled.length > 0) {
		const warnings = top.pictures.length > 0 ? [besideClasses(folder, top)] : [];
		return { pictures: inTurn(filled), classes: wanted ?? filled.length, warnings };
	}
	const classes = wanted ?? DEFAULT_CLASSES;
	const pictures = top.pictures.map((path, i): Picture => ({ path, label: i % classes }));
	return { pictures, classes, warnings: [] };
}

/** Pictures of a class, those in sub-folders of it too; a folder with none but further down is a folder of splits. */
async function picturesOfClass(root: string, listing: Listing): Promise<readonly string[]> {
	const below = await picturesBelow(listing);
	if (listing.pictures.length > 0 || below.length === 0) return [...listing.pictures, ...below];
	const description = `${root} holds no pictures in its sub-folders but further down (${below[0]}); give one of them, e.g. ${listing.path}`;
	throw invalidArgument("images", description, "PICTURES_TOO_DEEP");
}

function besideClasses(folder: string, { pictures }: Listing): string {
	return `${folder} holds ${pictures.length} pictures beside its class folders (${basename(pictures[0]!)}); they have no class and are left out`;
}

function noPictures(folder: string): ArchgenError {
	const kinds = PICTURE_EXTENSIONS.join(", ");
	const description = `${folder} holds no pictures (${kinds}), neither itself nor in its sub-folders`;
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "TOO_FEW_IMAGES",
		message: `images: ${description}`,
		violations: [{ field: "batch", description }],
	});
}

/** The first of each class, then the second of each, and so on. */
function inTurn(classes: readonly (readonly string[])[]): Picture[] {
	const longest = classes.reduce((most, { length }) => Math.max(most, length), 0);
	return Array.from({ length: longest }, (_, i) =>
		classes.flatMap((paths, label) => (paths[i] === undefined ? [] : [{ path: paths[i], label }])),
	).flat();
}

/** One picture, normalised, at the size asked for: [3, size, size]; grey becomes three equal planes, transparency is dropped. */
async function readPicture(path: string, selection: ImageSelection) {
	const bytes = await readWhole(path, "images");
	if (bytes.length === 0) throw invalidArgument("images", `${path} is empty`, "TRUNCATED_FILE");
	const { planes, height, width } = await decode(path, bytes, selection);
	const image = new Float32Array(planes.length);
	normalizePixels(planes, CIFAR10_NORMALIZATION, image, 0);
	return fitImages(image, { height, width }, selection.size);
}

async function decode(path: string, bytes: Uint8Array, { batch, size, resize = false }: ImageSelection) {
	// loaded when it is needed: it brings a native library
	const { default: sharp } = await import("sharp");
	try {
		const picture = sharp(bytes, { failOn: "truncated" });
		const { width, height } = await picture.metadata();
		checkAvailable({ batch: 1, size, resize }, batch, height, width);
		if (height * width > MOST_PIXELS) throw tooLarge(height, width);
		const raw = picture.removeAlpha().toColourspace("srgb").raw({ depth: "uchar" });
		const { data, info } = await raw.toBuffer({ resolveWithObject: true });
		if (info.channels !== 3) throw new Error(`${info.channels} colour channels`);
		return { planes: planesOf(data), height: info.height, width: info.width };
	} catch (cause) {
		if (cause instanceof ArchgenError) throw withPath(cause, path);
		const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
		throw invalidArgument("images", `${path} cannot be decoded (${why}); is it truncated?`, "TRUNCATED_FILE");
	}
}

function tooLarge(height: number, width: number): ArchgenError {
	const description = `the picture is ${height}x${width}, more than ${MOST_PIXELS} pixels; make it smaller`;
	return invalidArgument("images", description, "PICTURE_TOO_LARGE");
}

function withPath(error: ArchgenError, path: string): ArchgenError {
	return new ArchgenError({ ...error, message: `${path}: ${error.message}`, cause: error });
}
