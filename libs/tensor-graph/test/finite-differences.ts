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
	/** Largest |analytic − numeric| relative to the largest numeric element where that is above 0.1. */
	readonly error: number;
	/** Largest numeric element: a check of a gradient that is 0 everywhere proves little. */
	readonly size: number;
}

/** Half-width of the central differences: rounding (1e-7 / ε) and truncation (ε²/6 f‴) are both near 1e-5. */
const EPSILON = 2 ** -8;

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

/** Compares every element of every gradient with central differences; all cases run as one model. */
export async function checkGradients(cases: readonly GradientCase[]): Promise<GradientCheck[]> {
	const subjects = cases.map((definition, i) => subject(definition, `case${i}`));
	const [functions, gradient] = await Promise.all([load(subjects, "value"), load(subjects, "gradients")]);
	const analytic = await gradient.run(feeds(subjects));
	const numeric = subjects.map(({ coordinates }) => new Float64Array(coordinates));
	for (let c = 0; c < Math.max(...subjects.map((s) => s.coordinates)); c++) {
		// the same coordinate of all cases at once: they do not depend on each other
		const above = await functions.run(feeds(subjects, c, EPSILON));
		const below = await functions.run(feeds(subjects, c, -EPSILON));
		subjects.forEach((s, i) => {
			if (c < s.coordinates) numeric[i]![c] = slope(s, c, above[s.name]!.data, below[s.name]!.data);
		});
	}
	await Promise.all([functions.release(), gradient.release()]);
	return subjects.map((s, i) => compare(flatten(s, analytic), numeric[i]!));
}

interface Subject {
	readonly name: string;
	readonly inputs: readonly Tensor[];
	readonly values: readonly Float32Array[];
	readonly coordinates: number;
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
	const coordinates = shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
	const grid = shuffledGrid(random, coordinates, domain);
	let start = 0;
	const values = shapes.map((shape) => grid.slice(start, (start += elementCount(shape))));
	const found = vectorJacobianProduct([{ result: value, upstream }], inputs);
	return { name, inputs, values, coordinates, cotangent, value, gradients: found };
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
	return createInlineRuntime().load(buildModel({ outputs, inputs }), { optimization: "basic" });
}

const gradientName = ({ name }: Subject, input: number) => `${name}/gradient${input}`;

/** The arguments of all cases, with the given coordinate of each moved by `shift`. */
function feeds(subjects: readonly Subject[], coordinate = -1, shift = 0): TensorValues {
	return Object.fromEntries(
		subjects.flatMap((s) => {
			let start = 0;
			return s.values.map((values, i) => {
				const local = coordinate - start;
				start += values.length;
				const moved =
					local >= 0 && local < values.length ? values.with(local, values[local]! + shift) : values;
				return [`${s.name}/${i}`, f32(moved, s.inputs[i]!.shape as number[])];
			});
		}),
	);
}

/** Σ cotangent · (y₊ − y₋) / (x₊ − x₋) in float64, with the step as it was after rounding. */
function slope(s: Subject, coordinate: number, above: ArrayLike<unknown>, below: ArrayLike<unknown>): number {
	const x = s.values.flatMap((values) => [...values])[coordinate]!;
	const step = Math.fround(x + EPSILON) - Math.fround(x - EPSILON);
	return s.cotangent.reduce((sum, c, i) => sum + c * (Number(above[i]) - Number(below[i])), 0) / step;
}

function flatten(s: Subject, values: TensorValues): number[] {
	return s.inputs.flatMap((_, i) => Array.from(values[gradientName(s, i)]!.data, Number));
}

function compare(analytic: readonly number[], numeric: Float64Array): GradientCheck {
	const size = numeric.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
	const error = numeric.reduce((worst, x, i) => Math.max(worst, Math.abs(analytic[i]! - x)), 0);
	return { error: error / Math.max(0.1, size), size };
}
