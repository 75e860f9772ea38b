import { broadcastShapes, describeShape, ShapeError } from "../shape.js";
import { apply, type Operator, type Tensor } from "../tensor.js";
import { transpose } from "./layout.js";
import { sumTo } from "./reduction.js";

/** Matrix product of the last two axes; the axes before them broadcast. */
export const matMulOperator: Operator<undefined> = {
	name: "matMul",
	infer(inputs) {
		const [a, b] = inputs as [Tensor, Tensor];
		if (a.rank < 2 || b.rank < 2 || a.shape.at(-1) !== b.shape.at(-2))
			throw new ShapeError(`cannot multiply ${describeShape(a.shape)} by ${describeShape(b.shape)}`);
		const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
		return { shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!], dtype: a.dtype };
	},
	emit: (writer, inputs) => writer.node("MatMul", inputs),
	// C = AB: dA = dC Bᵀ, dB = Aᵀ dC
	gradient(node, upstream) {
		const [a, b] = node.inputs as [Tensor, Tensor];
		return [sumTo(matMul(upstream, transpose(b)), a.shape), sumTo(matMul(transpose(a), upstream), b.shape)];
	},
};

export const matMul = (a: Tensor, b: Tensor): Tensor => apply(matMulOperator, [a, b], undefined);
