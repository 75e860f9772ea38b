import { createRandom, type Random, shuffled } from "@archgen/random";
import {
	add,
	buildModel,
	concat,
	constant,
	createInlineRuntime,
	elementCount,
	f32,
	gradients,
	input,
	mul,
	reduceSum,
	reshape,
	scalar,
	type Tensor,
	type TensorValues,
	vectorJacobianProduct,
} from "../src/index.js";

/** A function of float tensors whose gradient is to be checked. */
export interface GradientCase {
	/** What is particular about it. */
	readonly name: string;
	/** Shapes of its arguments. */
	readonly inputs: readonly (readonly number[])[];
	readonly compute: (...inputs: readonly Tensor[]) => Tensor;
	/** Range of the arguments, default −1.5 to 1.5. */
	readonly domain?: readonly [number, number];
}

export interface GradientCheck {
	/** Largest |analytic − numeric| slope relative to the largest element of the gradient where that is above 0.1. */
	readonly error: number;
	/** Largest element of the gradient: a check of one that is 0 everywhere proves little. */
	readonly size: number;
}

/** Half-width of the central differences: rounding (1e-7 / ε) and truncation (ε²/6 f‴) are both near 1e-5. */
const EPSILON = 2 ** -8;
/** Errors of two elements cancel in all of these random directions with a chance of 1 in 1024. */
const DIRECTIONS = 10;

/**
 * The gradient of Σ c (y + ½y²) as a function of the same arguments, so that checking it checks second derivatives. The
 * square makes the second derivative of a linear y differ from zero.
 */
export function differentiated(first: GradientCase): GradientCase {
	return {
		...first,
		name: `${first.name}, second derivative`,
		compute: (...inputs) => {
			const y = first.compute(...inputs);
			const weights = constant(randomWeights(createRandom(7), elementCount(y.shape)), y.shape as number[]);
			const loss = reduceSum(mul(weights, add(y, mul(scalar(0.5), mul(y, y)))));
			return concat(
				gradients(loss, inputs).map((g) => reshape(g, [elementCount(g.shape)])),
				0,
			);
		},
	};
}

/**
 * Compares gradients with central differences along random directions with elements ±1, in each of which an error of a
 * single element shows in full. All cases run as one model.
 */
export async function checkGradients(cases: readonly GradientCase[]): Promise<GradientCheck[]> {
	const subjects = cases.map((definition, i) => subject(definition, `case${i}`));
	const [functions, gradient] = await Promise.all([load(subjects, "value"), load(subjects, "gradients")]);
	const analytic = await gradient.run(feeds(subjects, () => 0));
	const errors = subjects.map(() => 0);
	for (let d = 0; d < DIRECTIONS; d++) {
		const above = await functions.run(feeds(subjects, (s, i) => EPSILON * s.directions[d]![i]!));
		const below = await functions.run(feeds(subjects, (s, i) => -EPSILON * s.directions[d]![i]!));
		subjects.forEach((s, i) => {
			const numeric = slope(s, above[s.name]!.data, below[s.name]!.data);
			const expected = flatten(s, analytic).reduce((sum, g, k) => sum + g * s.directions[d]![k]!, 0);
			errors[i] = Math.max(errors[i]!, Math.abs(numeric - expected));
		});
	}
	await Promise.all([functions.release(), gradient.release()]);
	return subjects.map((s, i) => {
		const size = flatten(s, analytic).reduce((largest, g) => Math.max(largest, Math.abs(g)), 0);
		return { error: errors[i]! / Math.max(0.1, size), size };
	});
}

interface Subject {
	readonly name: string;
	readonly inputs: readonly Tensor[];
	readonly values: readonly Float32Array[];
	/** Elements of all inputs together, each direction ±1. */
	readonly directions: readonly (readonly number[])[];
	readonly cotangent: Float32Array;
	readonly value: Tensor;
	readonly gradients: readonly Tensor[];
}

function subject({ inputs: shapes, compute, domain = [-1.5, 1.5] }: GradientCase, name: string): Subject {
	const random = createRandom(1).fork(name);
	const inputs = shapes.map((shape, i) => input(`${name}/${i}`, shape));
	const value = compute(...inputs);
	const cotangent = randomWeights(random, elementCount(value.shape));
	const upstream = constant(cotangent, value.shape as number[]);
	const count = shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
	const directions = Array.from({ length: DIRECTIONS }, () =>
		Array.from({ length: count }, () => random.pick([-1, 1])),
	);
	const grid = shuffledGrid(random, count, domain);
	let start = 0;
	const values = shapes.map((shape) => {
		const first = start;
		start += elementCount(shape);
		return grid.slice(first, start);
	});
	const found = vectorJacobianProduct([{ result: value, upstream }], inputs);
	return { name, inputs, values, directions, cotangent, value, gradients: found };
}

/** Evenly spaced values in random order: no two are so near, and none so near 0, that a step crosses a kink. */
function shuffledGrid(random: Random, count: number, [low, high]: readonly [number, number]): Float32Array {
	const spacing = (high - low) / count;
	return Float32Array.from(shuffled(random, [...Array(count).keys()]), (k) => low + (k + 0.37) * spacing);
}

/** Of either sign and between ½ and 1 in size, so that none hides an error. */
function randomWeights(random: Random, count: number): Float32Array {
	return Float32Array.from({ length: count }, () => random.pick([-1, 1]) * (0.5 + random.uniform() / 2));
}

function load(subjects: readonly Subject[], what: "value" | "gradients") {
	const outputs = Object.fromEntries(
		subjects.flatMap((s) =>
			what === "value" ? [[s.name, s.value]] : s.gradients.map((g, i) => [gradientName(s, i), g]),
		),
	);
	const inputs = subjects.flatMap((s) => s.inputs);
	return createInlineRuntime().load(buildModel({ outputs, inputs }), { optimization: "disabled" });
}

const gradientName = ({ name }: Subject, input: number) => `${name}/gradient${input}`;

/** The arguments of all cases, each element moved by what `shift` says for its number within the case. */
function feeds(subjects: readonly Subject[], shift: (s: Subject, element: number) => number): TensorValues {
	return Object.fromEntries(
		subjects.flatMap((s) => {
			let start = 0;
			return s.values.map((values, i) => {
				const first = start;
				start += values.length;
				const moved = values.map((x, k) => x + shift(s, first + k));
				return [`${s.name}/${i}`, f32(moved, s.inputs[i]!.shape as number[])];
			});
		}),
	);
}

/** Σ cotangent · (y₊ − y₋) / 2ε, summed in float64. */
function slope({ cotangent }: Subject, above: ArrayLike<unknown>, below: ArrayLike<unknown>): number {
	return cotangent.reduce((sum, c, i) => sum + c * (Number(above[i]) - Number(below[i])), 0) / (2 * EPSILON);
}

function flatten(s: Subject, values: TensorValues): number[] {
	return s.inputs.flatMap((_, i) => Array.from(values[gradientName(s, i)]!.data, Number));
}
