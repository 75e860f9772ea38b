import {
	cast,
	constant,
	equal,
	mul,
	neg,
	reduceMean,
	reduceSum,
	reshape,
	softplus,
	sub,
} from "../operators/index.js";
import { staticShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { logSoftmax } from "./activations.js";

/** −[t ln σ(x) + (1 − t) ln(1 − σ(x))] element by element, as ln(1 + eˣ) − xt; its derivative is σ(x) − t. */
export function bceWithLogits(logits: Tensor, targets: Tensor): Tensor {
	return sub(softplus(logits), mul(logits, targets));
}

/** 1 where the class index of the last axis equals the label: labels [...] int64 → [..., classes]. */
export function oneHot(labels: Tensor, classes: number): Tensor {
	const range = constant(
		Array.from({ length: classes }, (_, i) => i),
		[classes],
		"int64",
	);
	return cast(equal(reshape(labels, [...labels.shape, 1]), range), "float32");
}

/** −ln softmax(logits)[label] for each row: logits [..., classes], labels [...] int64 → [...]. */
export function crossEntropyPerItem(logits: Tensor, labels: Tensor): Tensor {
	const classes = staticShape(logits.shape.slice(-1))[0]!;
	return neg(reduceSum(mul(logSoftmax(logits), oneHot(labels, classes)), [logits.rank - 1]));
}

/** Mean cross-entropy of logits [N, classes] with labels [N] int64. */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
	return reduceMean(crossEntropyPerItem(logits, labels));
}

/** Mean squared difference. */
export function meanSquaredError(a: Tensor, b: Tensor): Tensor {
	const difference = sub(a, b);
	return reduceMean(mul(difference, difference));
}
