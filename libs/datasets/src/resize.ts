/** Size of a picture in pixels. */
interface Extent {
	readonly height: number;
	readonly width: number;
}

/** Contribution of the source pixels `first, first + 1, …` to one pixel of the result; the weights add up to 1. */
interface Taps {
	readonly first: number;
	readonly weights: readonly number[];
}

/**
 * Crops the largest square out of the middle and resizes it by a triangle filter, which averages over all pixels where it shrinks (antialiased bilinear
 * interpolation, as Pillow and torchvision have it).
 *
 * @param planes [channels, height, width]
 * @param size height and width of the result
 * @returns [channels, size, size]
 */
export function cropAndResize(planes: Float32Array, { height, width }: Extent, size: number): Float32Array {
	const side = Math.min(height, width);
	const taps = triangleTaps(side, size);
	const [top, left] = [Math.floor((height - side) / 2), Math.floor((width - side) / 2)];
	const channels = planes.length / (height * width);
	const result = new Float32Array(channels * size * size);
	const rows = new Float64Array(side * size); // [side, size]: shrunk along rows first
	for (let channel = 0; channel < channels; channel++) {
		const start = channel * height * width + top * width + left;
		for (let y = 0; y < side; y++)
			taps.forEach(({ first, weights }, x) => {
				rows[y * size + x] = dot(planes, start + y * width + first, 1, weights);
			});
		taps.forEach(({ first, weights }, y) => {
			for (let x = 0; x < size; x++)
				result[(channel * size + y) * size + x] = dot(rows, first * size + x, size, weights);
		});
	}
	return result;
}

function dot(
	values: Float32Array | Float64Array,
	start: number,
	step: number,
	weights: readonly number[],
): number {
	return weights.reduce((sum, weight, i) => sum + weight * values[start + i * step]!, 0);
}

/** For each pixel of the result, the source pixels under a triangle around its centre, as wide as the scale, at least one pixel to each side. */
function triangleTaps(from: number, to: number): Taps[] {
	const scale = from / to;
	const support = Math.max(scale, 1);
	return Array.from({ length: to }, (_, i) => {
		const centre = (i + 0.5) * scale;
		const first = Math.max(0, Math.floor(centre - support + 0.5));
		const last = Math.min(from, Math.floor(centre + support + 0.5));
		const raw = Array.from({ length: last - first }, (_, k) =>
			Math.max(0, 1 - Math.abs((first + k + 0.5 - centre) / support)),
		);
		const sum = raw.reduce((total, weight) => total + weight, 0);
		return { first, weights: raw.map((weight) => weight / sum) };
	});
}
