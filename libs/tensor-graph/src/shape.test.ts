import { describe, expect, it } from "vitest";
import { gradients } from "./gradient.js";
import { buildModel } from "./model.js";
import * as op from "./operators/index.js";
import { broadcastShapes, elementCount, normalizeAxis, ShapeError } from "./shape.js";
import type { Tensor } from "./tensor.js";

const x = (...shape: (number | string)[]) => op.input("x", shape);
const ints = (...shape: number[]) => op.input("i", shape, "int64");

/** What does not fit, and what the message must name. */
const MISFITS: readonly (readonly [string, () => Tensor, readonly string[]])[] = [
	["add", () => op.add(x(2, 3), x(2, 4)), ["[2, 3]", "[2, 4]"]],
	["mul of a dynamic and a static axis", () => op.mul(x("batch", 3), x(4, 3)), ["[batch, 3]", "[4, 3]"]],
	["sub of two types", () => op.sub(x(2), ints(2)), ["float32", "int64"]],
	["where by numbers", () => op.where(x(2), x(2), x(2)), ["bool", "float32"]],
	["where between two types", () => op.where(op.greater(x(2), x(2)), x(2), ints(2)), ["float32", "int64"]],
	["matMul", () => op.matMul(x(2, 3), x(4, 5)), ["[2, 3]", "[4, 5]"]],
	["matMul of a vector", () => op.matMul(x(3), x(3, 2)), ["[3]", "[3, 2]"]],
	["matMul of batches", () => op.matMul(x(2, 3, 4), x(3, 4, 5)), ["[2]", "[3]"]],
	["reshape", () => op.reshape(x(2, 3), [4, 2]), ["[2, 3]", "[4, 2]"]],
	["transpose", () => op.transpose(x(2, 3), [0, 0]), ["[2, 3]", "[0, 0]"]],
	["broadcastTo", () => op.broadcastTo(x(2, 3), [3, 3]), ["[2, 3]", "[3, 3]"]],
	["slice beyond the end", () => op.slice(x(2, 3), [{ axis: 1, start: 1, end: 4 }]), ["[2, 3]", "axis 1"]],
	[
		"slice of an axis that is not there",
		() => op.slice(x(2), [{ axis: 1, start: 0, end: 1 }]),
		["axis 1", "rank 1"],
	],
	["slice without step", () => op.slice(x(2), [{ axis: 0, start: 0, end: 1, step: 0 }]), ["[2]", "by 0"]],
	["pad of too few axes", () => op.pad(x(2, 3), [1], [1]), ["[2, 3]", "[1]"]],
	["concat", () => op.concat([x(2, 3), x(3, 3)], 1), ["[2, 3]", "[3, 3]"]],
	["concat of two ranks", () => op.concat([x(2, 3), x(2)], 0), ["[2, 3]", "[2]"]],
	["gather by numbers", () => op.gather(x(2), x(2)), ["int64", "float32"]],
	["scatterAdd", () => op.scatterAdd([4, 3], ints(2), x(2, 2)), ["[4, 3]", "[2, 2]"]],
	["reduceSum", () => op.reduceSum(x(2, 3), [2]), ["axis 2", "rank 2"]],
	["conv2d channels", () => op.conv2d(x(1, 3, 8, 8), x(4, 2, 3, 3)), ["[1, 3, 8, 8]", "[4, 2, 3, 3]"]],
	[
		"conv2d groups",
		() => op.conv2d(x(1, 4, 8, 8), x(3, 2, 3, 3), { groups: 2 }),
		["[1, 4, 8, 8]", "[3, 2, 3, 3]"],
	],
	[
		"conv2d kernel larger than the image",
		() => op.conv2d(x(1, 1, 2, 2), x(1, 1, 3, 3)),
		["[1, 1, 2, 2]", "[1, 1, 3, 3]"],
	],
	["conv2d kernel that is not square", () => op.conv2d(x(1, 1, 8, 8), x(1, 1, 3, 1)), ["[1, 1, 3, 1]"]],
	["conv2d of a vector", () => op.conv2d(x(8), x(1, 1, 1, 1)), ["[8]", "[1, 1, 1, 1]"]],
	["averagePool2d", () => op.averagePool2d(x(1, 1, 2, 2), { kernel: 3 }), ["[1, 1, 2, 2]", "3"]],
	["constant", () => op.constant([1, 2, 3], [2, 2]), ["3 values", "[2, 2]"]],
	[
		"constant of another type",
		() => op.constant(Float32Array.of(1), [1], "int64"),
		["Float32Array", "int64"],
	],
];

describe("a model that does not fit", () => {
	it.each(MISFITS)("%s is refused when it is defined, both shapes named", (_name, build, named) => {
		expect(build).toThrow(ShapeError);
		for (const part of named) expect(build).toThrow(part);
	});

	it("refuses gradients of anything but a scalar", () => {
		const v = x(2);
		expect(() => gradients(op.square(v), [v])).toThrow(ShapeError);
	});

	it("refuses to lose a gradient at an operator that has none", () => {
		const v = x(2, 3);
		const picked = op.gather(v, op.constant([0], [1], "int64"), 1);
		expect(() => gradients(op.reduceSum(picked), [v])).toThrow("axis 0 only");
	});

	it("refuses to reshape two dynamic axes into others", () => {
		const y = op.reshape(x("a", "b", 2), ["b", "a", 2]);
		expect(() => buildModel({ outputs: { y } })).toThrow("leaves two axes open");
	});
});

describe("shapes", () => {
	it("broadcast like NumPy", () => {
		expect(broadcastShapes([2, 1, 3], [4, 1])).toEqual([2, 4, 3]);
		expect(broadcastShapes([], ["n", 2])).toEqual(["n", 2]);
		expect(broadcastShapes(["n", 1], ["n", 5])).toEqual(["n", 5]);
	});

	it("count elements and find axes", () => {
		expect(elementCount([])).toBe(1);
		expect(() => elementCount(["n"])).toThrow("static");
		expect(normalizeAxis(-2, 3)).toBe(1);
	});
});
