import type { LossKind } from "@archgen/search-space";
import {
	bceWithLogits,
	crossEntropy,
	input,
	meanSquaredError,
	mul,
	oneHot,
	reduceMean,
	scalar,
	staticShape,
	type Tensor,
} from "@archgen/tensor-graph";
import type { DetachedSection } from "./section.js";
import { PORT } from "./section-ports.js";

/** Losses of outputs [batch, outputs] with labels [batch] int64; the label's output is the one that is wanted to be 1. */
const LOSSES: { readonly [K in LossKind]: (outputs: Tensor, labels: Tensor) => Tensor } = {
	cross_entropy: crossEntropy,
	binary_cross_entropy: (outputs, labels) => reduceMean(bceWithLogits(outputs, wanted(outputs, labels))),
	squared_error: (outputs, labels) => mul(meanSquaredError(outputs, wanted(outputs, labels)), scalar(0.5)),
};

function wanted(outputs: Tensor, labels: Tensor): Tensor {
	return oneHot(labels, staticShape(outputs.shape)[1]!);
}

/** Loss of a head whose labels are fed; outputs that have places are averaged over them first. */
export function headLoss({ loss }: DetachedSection, y: Tensor, batch: number): Tensor {
	const outputs = y.rank === 4 ? reduceMean(y, [2, 3]) : y;
	return LOSSES[loss ?? "cross_entropy"](outputs, input(PORT.labels, [batch], "int64"));
}
