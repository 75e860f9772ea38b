import { invalidArgument } from "@archgen/errors";

/** Which images to take from a source. */
export interface ImageSelection {
	/** Number of images. */
	readonly batch: number;
	/** Height and width in pixels; the source must have exactly this size unless `resize` is set. */
	readonly size: number;
	/** Whether images of another size are cropped to a square and resized; refused unless set. */
	readonly resize?: boolean;
	/** Index of the first image, 0 unless given. */
	readonly offset?: number;
	/** Number of classes. From the source unless given (CIFAR: 10 or 100; NumPy: largest label + 1). */
	readonly classes?: number;
}

/** Largest batch that is loaded or drawn. */
const MAX_BATCH = 65_536;
/** Largest image side. */
const MAX_SIZE = 4_096;
const MAX_CLASSES = 100_000;

/** Throws INVALID_ARGUMENT naming the first of batch, size, offset, classes that is not an integer in its range. */
export function checkSelection({ batch, size, offset = 0, classes = 1 }: ImageSelection): void {
	checkInteger("batch", batch, 1, MAX_BATCH);
	checkInteger("size", size, 1, MAX_SIZE);
	checkInteger("offset", offset, 0, Number.MAX_SAFE_INTEGER);
	checkInteger("classes", classes, 1, MAX_CLASSES);
}

/** Throws `IMAGE_SIZE_MISMATCH` or `TOO_FEW_IMAGES` when the source cannot serve the selection. */
export function checkAvailable(
	selection: ImageSelection,
	count: number,
	height: number,
	width: number,
): void {
	const { batch, size, offset = 0, resize = false } = selection;
	if (resize ? height < 1 || width < 1 : height !== size || width !== size) {
		const description = `the images are ${height}x${width} but ${size}x${size} was asked for`;
		throw invalidArgument("size", description, "IMAGE_SIZE_MISMATCH");
	}
	if (offset + batch > count) {
		const description = `images ${offset}..${offset + batch - 1} were asked for but the source holds ${count}`;
		throw invalidArgument(offset >= count && offset > 0 ? "offset" : "batch", description, "TOO_FEW_IMAGES");
	}
}

function checkInteger(field: string, value: number, low: number, high: number): void {
	if (!Number.isInteger(value) || value < low || value > high) {
		throw invalidArgument(field, `must be an integer in ${low}..${high}, not ${value}`);
	}
}
