import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviation, evaluate, numbersOf } from "../../test/evaluate.js";
import { arrays, at, shapes, tabulate, tensorOf } from "../../test/nd-array.js";
import { apply } from "../tensor.js";
import { binaryOperators, unaryOperators } from "./elementwise.js";
import { add, cast, constant, greater, mul, square, where } from "./index.js";

const UNARY: { readonly [K in keyof typeof unaryOperators]: (x: number) => number } = {
	neg: (x) => -x,
	exp: Math.exp,
	log: Math.log,
	sqrt: Math.sqrt,
	reciprocal: (x) => 1 / x,
	abs: Math.abs,
	sign: Math.sign,
	step: (x) => Number(x > 0),
	relu: (x) => Math.max(x, 0),
	tanh: Math.tanh,
	sigmoid: (x) => 1 / (1 + Math.exp(-x)),
	hardSigmoid: (x) => Math.min(1, Math.max(0, x + 3) / 6),
	hardSwish: (x) => x * Math.min(1, Math.max(0, x + 3) / 6),
	softplus: (x) => Math.log1p(Math.exp(x)),
	// Abramowitz and Stegun 7.1.6
	erf: (x) => {
		let term = x;
		let sum = 0;
		for (let n = 0; n < 60; n++) {
			sum += term / (2 * n + 1);
			term *= (-x * x) / (n + 1);
		}
		return (2 / Math.sqrt(Math.PI)) * sum;
	},
	sin: Math.sin,
	cos: Math.cos,
};

const BINARY: { readonly [K in keyof typeof binaryOperators]: (a: number, b: number) => number } = {
	add: (a, b) => a + b,
	sub: (a, b) => a - b,
	mul: (a, b) => a * b,
	div: (a, b) => a / b,
	pow: Math.pow,
	maximum: Math.max,
	minimum: Math.min,
	greater: (a, b) => Number(a > b),
	less: (a, b) => Number(a < b),
	equal: (a, b) => Number(a === b),
	and: (a, b) => a && b,
};

/** Names of a table with their types kept. */
const keys = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

describe("element-wise operators against Math", () => {
	it("of one input", async () => {
		const values = [-3, -1.25, -0.5, 0.25, 1, 2.5];
		const positive = values.map(Math.abs);
		const names = keys(unaryOperators);
		const domain = (name: string) => (name === "log" || name === "sqrt" ? positive : values);
		const outputs = Object.fromEntries(
			names.map((name) => [name, apply(unaryOperators[name], [constant(domain(name), [6])], undefined)]),
		);
		const computed = await evaluate(outputs);
		for (const name of names)
			expect(deviation(computed[name]!.data, domain(name).map(UNARY[name])), name).toBeLessThan(2e-6);
	});

	it("of two inputs", async () => {
		const names = keys(binaryOperators);
		const numbers = [
			[1, 2.5, 0.5, 3],
			[1, -2, 3, 0.5],
		] as const;
		const bits = [
			[0, 0, 1, 1],
			[0, 1, 0, 1],
		] as const;
		const domain = (name: string) => (name === "and" ? bits : numbers);
		const outputs = Object.fromEntries(
			names.map((name) => {
				const [a, b] = domain(name).map((x) => constant(x, [4], name === "and" ? "bool" : "float32"));
				return [name, cast(apply(binaryOperators[name], [a!, b!], undefined), "float32")];
			}),
		);
		const computed = await evaluate(outputs);
		for (const name of names) {
			const [a, b] = domain(name);
			expect(
				deviation(
					computed[name]!.data,
					a.map((x, i) => BINARY[name](x, b[i]!)),
				),
				name,
			).toBeLessThan(2e-6);
		}
	});

	it("squares and casts", async () => {
		expect(await numbersOf(square(constant([-3, 0.5], [2])))).toEqual([9, 0.25]);
		expect(await numbersOf(cast(constant([2.75, -1.5], [2]), "int64"))).toEqual([2, -1]);
	});
});

/** Up to three shapes that broadcast with each other: axes of a common shape, some reduced to 1, leading ones dropped. */
const broadcastable = (count: number) =>
	shapes(0, 4, 3).chain((shape) =>
		fc
			.array(fc.tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })), {
				minLength: count,
				maxLength: count,
			})
			.chain((cuts) =>
				fc.tuple(
					...cuts.map(([dropped, ones]) =>
						arrays(shape.map((dim, axis) => (ones[axis] ? 1 : dim)).slice(dropped)),
					),
				),
			),
	);

describe("broadcasting against a loop over indices", () => {
	it("of two inputs", async () => {
		await fc.assert(
			fc.asyncProperty(broadcastable(2), async (inputs) => {
				const [a, b] = inputs as [(typeof inputs)[0], (typeof inputs)[0]];
				const y = add(mul(tensorOf(a!), tensorOf(b!)), tensorOf(b!));
				const expected = tabulate(y.shape as number[], (i) => at(a!, i) * at(b!, i) + at(b!, i));
				const computed = (await evaluate({ y })).y;
				expect(computed.shape).toEqual(expected.shape);
				expect([...computed.data].map((x) => Number(x) + 0)).toEqual(expected.data.map((x) => x + 0));
			}),
			{ numRuns: 30 },
		);
	});

	it("of a choice between two by a third", async () => {
		await fc.assert(
			fc.asyncProperty(broadcastable(3), async ([c, a, b]) => {
				const y = where(greater(tensorOf(c!), constant([0], [])), tensorOf(a!), tensorOf(b!));
				const expected = tabulate(y.shape as number[], (i) => (at(c!, i) > 0 ? at(a!, i) : at(b!, i)));
				expect(await numbersOf(y)).toEqual(expected.data);
			}),
			{ numRuns: 20 },
		);
	});
});
