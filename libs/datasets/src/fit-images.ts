import { cropAndResize } from "./resize.js";

/** Images of one size with what was done to them. */
export interface FittedImages {
	/** [n, 3, size, size] */
	readonly images: Float32Array;
	readonly warnings: readonly string[];
}

/** Images [n, 3, height, width] at another size, cropped and resized where they do not have it already. */
export function fitImages(
	images: Float32Array,
	extent: { readonly height: number; readonly width: number },
	size: number,
): FittedImages {
	const { height, width } = extent;
	if (height === size && width === size) return { images, warnings: [] };
	const pixels = 3 * height * width;
	const count = images.length / pixels;
	const result = new Float32Array(count * 3 * size * size);
	for (let i = 0; i < count; i++) {
		const image = images.subarray(i * pixels, (i + 1) * pixels);
		result.set(cropAndResize(image, extent, size), i * 3 * size * size);
	}
	return { images: result, warnings: [resizeWarning(extent, size)] };
}

/** Says that images were resized. */
function resizeWarning(extent: { readonly height: number; readonly width: number }, size: number) {
	return `the images are ${extent.height}x${extent.width}; their middle square is resized to ${size}x${size}`;
}
