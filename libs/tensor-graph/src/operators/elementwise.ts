import { broadcastShapes, ShapeError } from "../shape.js";
import { apply, type DType, type Operator, type Tensor } from "../tensor.js";
import { sumTo } from "./reduction.js";
import { scalar } from "./sources.js";

type None = undefined;
type BinaryGradient = (
	a: Tensor,
	b: Tensor,
	upstream: Tensor,
	result: Tensor,
) => readonly [Tensor | null, Tensor | null];

function binary(
	name: string,
	opType: string,
	gradient: BinaryGradient | null,
	resultType?: DType,
): Operator<None> {
	return {
		name,
		infer(inputs) {
			const [a, b] = inputs as [Tensor, Tensor];
			if (a.dtype !== b.dtype) throw new ShapeError(`${name} of ${a.dtype} and ${b.dtype}`);
			return { shape: broadcastShapes(a.shape, b.shape), dtype: resultType ?? a.dtype };
		},
		emit: (writer, inputs) => writer.node(opType, inputs),
		gradient:
			gradient &&
			((node, upstream) => {
				const [a, b] = node.inputs as [Tensor, Tensor];
				const [da, db] = gradient(a, b, upstream, node);
				return [da && sumTo(da, a.shape), db && sumTo(db, b.shape)];
			}),
	};
}

type UnaryGradient = (x: Tensor, upstream: Tensor, result: Tensor) => Tensor;

function unary(name: string, opType: string, gradient: UnaryGradient | null): Operator<None> {
	return {
		name,
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		emit: (writer, inputs) => writer.node(opType, inputs),
		gradient: gradient && ((node, upstream) => [gradient(node.inputs[0]!, upstream, node)]),
	};
}

/** Element-wise operators of two broadcast inputs; each rule gives (∂L/∂a, ∂L/∂b) before summing over broadcast axes. */
export const binaryOperators = {
	// d(a+b) = da + db
	add: binary("add", "Add", (_a, _b, g) => [g, g]),
	// d(a−b) = da − db
	sub: binary("sub", "Sub", (_a, _b, g) => [g, neg(g)]),
	// d(ab) = b da + a db
	mul: binary("mul", "Mul", (a, b, g) => [mul(g, b), mul(g, a)]),
	// d(a/b) = da/b − (a/b) db/b
	div: binary("div", "Div", (_a, b, g, y) => [div(g, b), neg(div(mul(g, y), b))]),
	// d(aᵇ) = b aᵇ⁻¹ da + aᵇ ln a db
	pow: binary("pow", "Pow", (a, b, g, y) => [
		mul(g, mul(b, pow(a, sub(b, scalar(1))))),
		mul(g, mul(y, log(a))),
	]),
	// the larger one gets the gradient; at a tie, b does
	maximum: binary("maximum", "Max", (a, b, g) => [
		where(greater(a, b), g, zero()),
		where(greater(a, b), zero(), g),
	]),
	minimum: binary("minimum", "Min", (a, b, g) => [
		where(less(a, b), g, zero()),
		where(less(a, b), zero(), g),
	]),
	greater: binary("greater", "Greater", null, "bool"),
	less: binary("less", "Less", null, "bool"),
	equal: binary("equal", "Equal", null, "bool"),
	and: binary("and", "And", null, "bool"),
} satisfies Record<string, Operator<None>>;

/** Element-wise operators of one input with f′ in the comment above each rule. */
export const unaryOperators = {
	neg: unary("neg", "Neg", (_x, g) => neg(g)),
	// eˣ
	exp: unary("exp", "Exp", (_x, g, y) => mul(g, y)),
	// 1/x
	log: unary("log", "Log", (x, g) => div(g, x)),
	// 1/(2√x)
	sqrt: unary("sqrt", "Sqrt", (_x, g, y) => div(mul(g, scalar(0.5)), y)),
	// −1/x²
	reciprocal: unary("reciprocal", "Reciprocal", (_x, g, y) => neg(mul(g, mul(y, y)))),
	// sign x
	abs: unary("abs", "Abs", (x, g) => mul(g, sign(x))),
	// piecewise constant: the derivative is 0 almost everywhere
	sign: unary("sign", "Sign", null),
	step: {
		name: "step",
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		// min(1, max(0, 3e38 x)): one vectorised pass, where a comparison and a cast take two
		emit: (writer, inputs) =>
			writer.node("HardSigmoid", inputs, { alpha: { float: 3e38 }, beta: { float: 0 } }),
		gradient: null,
	} satisfies Operator<None>,
	// 1 where x > 0, as a product with 0/1: onnxruntime's Where was 1.1 to 1.3 times slower
	relu: unary("relu", "Relu", (_x, g, y) => mul(g, step(y))),
	// 1 − tanh²
	tanh: unary("tanh", "Tanh", (_x, g, y) => mul(g, sub(scalar(1), mul(y, y)))),
	// σ(1−σ)
	sigmoid: unary("sigmoid", "Sigmoid", (_x, g, y) => mul(g, mul(y, sub(scalar(1), y)))),
	// 1/6 between its ends
	hardSigmoid: {
		name: "hardSigmoid",
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		emit: (writer, inputs) =>
			writer.node("HardSigmoid", inputs, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
		gradient: (node, g) => [mul(g, mul(scalar(1 / 6), mul(step(node), step(sub(scalar(1), node)))))],
	} satisfies Operator<None>,
	// h(x) + x h′(x), h the hard sigmoid
	hardSwish: unary("hardSwish", "HardSwish", (x, g) => {
		const gate = hardSigmoid(x);
		const inside = mul(step(gate), step(sub(scalar(1), gate)));
		return mul(g, add(gate, mul(mul(x, scalar(1 / 6)), inside)));
	}),
	// σ(x)
	softplus: unary("softplus", "Softplus", (x, g) => mul(g, sigmoid(x))),
	// 2/√π e^{−x²}
	erf: unary("erf", "Erf", (x, g) => mul(g, mul(scalar(2 / Math.sqrt(Math.PI)), exp(neg(mul(x, x)))))),
	sin: unary("sin", "Sin", (x, g) => mul(g, cos(x))),
	cos: unary("cos", "Cos", (x, g) => neg(mul(g, sin(x)))),
} satisfies Record<string, Operator<None>>;

/** condition ? a : b, element by element. */
export const whereOperator: Operator<None> = {
	name: "where",
	infer(inputs) {
		const [condition, a, b] = inputs as [Tensor, Tensor, Tensor];
		if (condition.dtype !== "bool" || a.dtype !== b.dtype)
			throw new ShapeError(
				`where chooses between two alike by a bool, not ${a.dtype} or ${b.dtype} by ${condition.dtype}`,
			);
		return { shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)), dtype: a.dtype };
	},
	emit: (writer, inputs) => writer.node("Where", inputs),
	gradient(node, upstream) {
		const [condition, a, b] = node.inputs as [Tensor, Tensor, Tensor];
		return [
			null,
			sumTo(where(condition, upstream, zero()), a.shape),
			sumTo(where(condition, zero(), upstream), b.shape),
		];
	},
};

const ONNX_TYPE_NUMBERS: { readonly [D in DType]: number } = {
	float32: 1,
	uint8: 2,
	int32: 6,
	int64: 7,
	bool: 9,
};

/** Element type conversion; the gradient passes between floats only. */
export const castOperator: Operator<{ readonly dtype: DType }> = {
	name: "cast",
	infer: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
	emit: (writer, inputs, { dtype }) => writer.node("Cast", inputs, { to: ONNX_TYPE_NUMBERS[dtype] }),
	gradient: (node, upstream) => [node.inputs[0]!.dtype === "float32" ? upstream : null],
};

const two =
	(operator: Operator<None>) =>
	(a: Tensor, b: Tensor): Tensor =>
		apply(operator, [a, b], undefined);
const one =
	(operator: Operator<None>) =>
	(x: Tensor): Tensor =>
		apply(operator, [x], undefined);
const zero = () => scalar(0);

export const add = two(binaryOperators.add);
export const sub = two(binaryOperators.sub);
export const mul = two(binaryOperators.mul);
export const div = two(binaryOperators.div);
/** aᵇ; its derivative with respect to b needs a > 0. */
export const pow = two(binaryOperators.pow);
export const maximum = two(binaryOperators.maximum);
export const minimum = two(binaryOperators.minimum);
export const greater = two(binaryOperators.greater);
export const less = two(binaryOperators.less);
export const equal = two(binaryOperators.equal);
export const and = two(binaryOperators.and);
export const neg = one(unaryOperators.neg);
export const exp = one(unaryOperators.exp);
export const log = one(unaryOperators.log);
export const sqrt = one(unaryOperators.sqrt);
export const reciprocal = one(unaryOperators.reciprocal);
export const abs = one(unaryOperators.abs);
export const sign = one(unaryOperators.sign);
/** 1 where x > 0, else 0; exact for |x| above 3.4e-39, the numbers that float32 keeps at full precision. */
export const step = one(unaryOperators.step);
export const relu = one(unaryOperators.relu);
export const tanh = one(unaryOperators.tanh);
export const sigmoid = one(unaryOperators.sigmoid);
/** min(1, max(0, x + 3) / 6) */
export const hardSigmoid = one(unaryOperators.hardSigmoid);
/** x · min(1, max(0, x + 3) / 6) */
export const hardSwish = one(unaryOperators.hardSwish);
export const softplus = one(unaryOperators.softplus);
export const erf = one(unaryOperators.erf);
export const sin = one(unaryOperators.sin);
export const cos = one(unaryOperators.cos);
/** x² */
export const square = (x: Tensor): Tensor => mul(x, x);
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
	apply(whereOperator, [condition, a, b], undefined);
export const cast = (x: Tensor, dtype: DType): Tensor => apply(castOperator, [x], { dtype });
