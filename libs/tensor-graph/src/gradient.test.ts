import { describe, expect, it } from "vitest";
import { numbersOf } from "../test/evaluate.js";
import { gradients, vectorJacobianProduct } from "./gradient.js";
import * as op from "./operators/index.js";
import { f32 } from "./runtime/runtime.js";

const feed = (value: number) => ({ x: f32([value], []) });

describe("gradients", () => {
	it("add up over all paths and skip what does not lead to x", async () => {
		const x = op.input("x", []);
		const y = op.mul(x, x);
		const loss = op.add(op.mul(y, x), op.add(y, op.exp(op.scalar(3))));
		expect(await numbersOf(gradients(loss, [x])[0]!, feed(2))).toEqual([3 * 4 + 2 * 2]);
	});

	it("are zero for what the loss does not depend on", async () => {
		const [x, other] = [op.input("x", []), op.input("other", [2, 2])];
		expect(await numbersOf(gradients(op.square(x), [other])[0]!)).toEqual([0, 0, 0, 0]);
	});

	it("can be taken with respect to intermediate values", async () => {
		const x = op.input("x", []);
		const y = op.exp(x);
		const [dy] = gradients(op.square(y), [y]);
		expect((await numbersOf(dy!, feed(1)))[0]).toBeCloseTo(2 * Math.E, 5);
	});

	it("can be taken again and again: the derivatives of x⁴", async () => {
		const x = op.input("x", []);
		let derivative = op.square(op.square(x));
		const found: number[] = [];
		for (let order = 1; order <= 5; order++) {
			derivative = gradients(derivative, [x])[0]!;
			found.push((await numbersOf(derivative, feed(3)))[0]!);
		}
		expect(found).toEqual([4 * 27, 12 * 9, 24 * 3, 24, 0]);
	});

	it("treat comparisons and signs as constants", async () => {
		const x = op.input("x", []);
		const chosen = op.where(op.greater(x, op.scalar(1)), op.square(x), op.neg(x));
		const [dx] = gradients(op.mul(chosen, op.sign(x)), [x]);
		expect([await numbersOf(dx!, feed(3)), await numbersOf(dx!, feed(-2))]).toEqual([[6], [1]]);
	});

	it("follow a given rule in place of the chain rule", async () => {
		const x = op.input("x", [2]);
		const rounded = op.withGradient(op.cast(op.cast(x, "int64"), "float32"), [x], (g) => [g]);
		const [dx] = gradients(op.reduceSum(op.mul(rounded, op.constant([3, 5], [2]))), [x]);
		expect(await numbersOf(dx!, { x: f32([1.5, 2.5], [2]) })).toEqual([3, 5]);
	});
});

describe("vectorJacobianProduct", () => {
	it("starts from several results at once", async () => {
		const x = op.input("x", [2]);
		const [dx] = vectorJacobianProduct(
			[
				{ result: op.square(x), upstream: op.constant([1, 10], [2]) },
				{ result: op.reduceSum(x), upstream: op.scalar(100) },
			],
			[x],
		);
		expect(await numbersOf(dx!, { x: f32([1, 2], [2]) })).toEqual([102, 140]);
	});

	it("of x itself is what comes in", async () => {
		const x = op.input("x", []);
		expect(await numbersOf(vectorJacobianProduct([{ result: x, upstream: op.scalar(7) }], [x])[0]!)).toEqual([
			7,
		]);
	});
});
