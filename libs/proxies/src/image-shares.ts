import { valueElements } from "@archgen/search-space";
import { f32, type LoadedModel, type TensorValue, type TensorValues } from "@archgen/tensor-graph";
import type { DetachedSection } from "./section.js";
import { PORT } from "./section-ports.js";

/**
 * Elements of the largest activation (8 MiB) beyond which a section's images go through in shares: some ten activations are alive at
 * once in a backward pass, and the time for all images is the same.
 */
const LARGEST_ACTIVATION = 2 ** 21;

/** Fewer images would leave the products of the weight gradients with too little to do. */
const FEWEST_IMAGES = 4;

/** How many of a batch's images go through the section together: the largest share that keeps its activations small. */
export function imagesPerShare({ values }: DetachedSection, batch: number): number {
	const largest = Math.max(...values.map(valueElements));
	let images = batch;
	while (images * largest > LARGEST_ACTIVATION && images % 2 === 0 && images / 2 >= FEWEST_IMAGES)
		images /= 2;
	return images;
}

/**
 * A backward pass in which images do not depend on each other, one share after another: adds the gradients of the weights and joins
 * ∂L/∂x.
 *
 * @param model the pass compiled for one share
 * @param perImage what has a row for each image, x and ∂L/∂y
 * @param shared all other feeds
 */
export async function backwardInShares(
	model: LoadedModel,
	images: number,
	perImage: TensorValues,
	shared: TensorValues,
): Promise<TensorValues> {
	const batch = perImage[PORT.x]!.shape[0]!;
	const dx: Float32Array[] = [];
	let sums: TensorValues | undefined;
	let shape: readonly number[] = [];
	for (let from = 0; from < batch; from += images) {
		const share = Object.entries(perImage).map(([name, value]) => [name, rows(value, from, images)] as const);
		const { [PORT.dx]: part, ...gradients } = await model.run({ ...Object.fromEntries(share), ...shared });
		if (part !== undefined) {
			dx.push(part.data as Float32Array);
			shape = [batch, ...part.shape.slice(1)];
		}
		if (sums === undefined) sums = gradients;
		else addInPlace(sums, gradients);
	}
	return { ...sums, ...(dx.length > 0 && { [PORT.dx]: f32(joined(dx), shape) }) };
}

function rows({ data, shape }: TensorValue, from: number, count: number): TensorValue {
	const row = data.length / shape[0]!;
	const part = (data as Float32Array).subarray(from * row, (from + count) * row);
	return f32(part, [count, ...shape.slice(1)]);
}

function addInPlace(sums: TensorValues, more: TensorValues): void {
	for (const [name, { data }] of Object.entries(sums)) {
		const target = data as Float32Array;
		const summand = more[name]!.data as Float32Array;
		for (let i = 0; i < target.length; i++) target[i] = target[i]! + summand[i]!;
	}
}

function joined(parts: readonly Float32Array[]): Float32Array {
	const whole = new Float32Array(parts.length * parts[0]!.length);
	parts.forEach((part, i) => void whole.set(part, i * part.length));
	return whole;
}
