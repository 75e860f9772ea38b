import {
	buildModel,
	createInlineRuntime,
	type Tensor,
	type TensorValue,
	type TensorValues,
} from "../src/index.js";

const runtime = createInlineRuntime();

/** Computes tensors in the calling thread; without graph optimisation, because each model runs once. */
export async function evaluate<K extends string>(
	outputs: Readonly<Record<K, Tensor>>,
	feeds: TensorValues = {},
): Promise<Record<K, TensorValue>> {
	const model = await runtime.load(buildModel({ outputs }), { optimization: "disabled" });
	try {
		return (await model.run(feeds)) as Record<K, TensorValue>;
	} finally {
		await model.release();
	}
}

/** The numbers of one tensor. */
export async function numbersOf(x: Tensor, feeds: TensorValues = {}): Promise<number[]> {
	return Array.from((await evaluate({ result: x }, feeds)).result.data, Number);
}

/** Largest difference between two lists, relative to the largest expected number where that is above 1. */
export function deviation(actual: ArrayLike<number | bigint>, expected: readonly number[]): number {
	if (actual.length !== expected.length)
		throw new Error(`${actual.length} numbers, ${expected.length} expected`);
	const scale = expected.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
	// NaN must not pass for a small difference: Math.max keeps it
	return expected.reduce((worst, x, i) => Math.max(worst, Math.abs(Number(actual[i]) - x) / scale), 0);
}
