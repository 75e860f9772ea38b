import {
	broadcastLike,
	i64,
	input,
	scalar,
	type Tensor,
	type TensorValue,
	type TensorValues,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import { headLoss } from "../head-loss.js";
import { type Scaled, trueSize } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import type { Subject } from "../subject.js";
import { runPass, written } from "./run-pass.js";
import { expressSection, type SectionExpression } from "./section-expression.js";

/** What one section gave. */
export type Visit = (section: DetachedSection, outputs: TensorValues, index: number) => void;

/** What a backward sweep computes, BN in train mode. */
export interface BackwardSweep {
	/** Name of the pass. */
	readonly name: string;
	/** What is differentiated: the loss of the head, or the sum of the logits. */
	readonly of: "loss" | "logits";
	/** Whether the gradient of the images is wanted: the output `dx` of the stem. */
	readonly toImages?: boolean;
	/** What else to differentiate by, by output name. */
	readonly by?: (section: SectionExpression) => ReadonlyMap<string, Tensor>;
	/** Makes the outputs from those gradients; the gradients themselves unless given. */
	readonly outputs?: (
		section: SectionExpression,
		gradients: ReadonlyMap<string, Tensor>,
	) => ReadonlyMap<string, Tensor>;
}

/**
 * Differentiates a network section by section from the head back to the stem, from the inputs that a forward pass kept.
 *
 * @returns ∂L/∂y of every section but the head
 */
export async function sweepBack(
	subject: Subject,
	inputs: readonly Scaled[],
	sweep: BackwardSweep,
	visit: Visit,
): Promise<readonly (TensorValue | undefined)[]> {
	const { sections, batch } = subject;
	const size = batch.shape[0];
	const upstream: (TensorValue | undefined)[] = sections.map(() => undefined);
	await runPass<TensorValue | undefined>(subject, {
		direction: "backward",
		start: undefined,
		compile: written(subject, sweep.name, (section) => backwardOutputs(section, size, sweep)),
		feeds: (_, dy, i) => ({
			[PORT.x]: trueSize(inputs[i]!).value,
			[PORT.labels]: i64(batch.labels, [size]),
			...(dy && { [PORT.dy]: dy }),
		}),
		read: (section, outputs, dy, i) => {
			upstream[i] = dy;
			visit(section, outputs, i);
			return outputs[PORT.dx];
		},
	});
	return upstream;
}

function backwardOutputs(
	section: DetachedSection,
	batch: number,
	sweep: BackwardSweep,
): Record<string, Tensor> {
	const expression = expressSection(section, batch);
	const { result, upstream } = seedOf(section, expression, batch, sweep.of);
	const by = [...(sweep.by?.(expression) ?? new Map<string, Tensor>())];
	const wantsInput = section.kind !== "stem" || sweep.toImages === true;
	const wrt = [...by.map(([, tensor]) => tensor), ...(wantsInput ? [expression.x] : [])];
	const found = vectorJacobianProduct([{ result, upstream }], wrt);
	const gradients = new Map(by.map(([name], i) => [name, found[i]!]));
	const outputs = Object.fromEntries(sweep.outputs?.(expression, gradients) ?? gradients);
	return wantsInput ? { ...outputs, [PORT.dx]: found.at(-1)! } : outputs;
}

/** What a section hands on backward: in the head the loss or the logits, elsewhere the fed ∂L/∂y. */
export function seedOf(
	section: DetachedSection,
	{ y }: SectionExpression,
	batch: number,
	of: BackwardSweep["of"],
): { readonly result: Tensor; readonly upstream: Tensor } {
	if (section.kind !== "head") return { result: y, upstream: input(PORT.dy, y.shape) };
	if (of === "loss") return { result: headLoss(section, y, batch), upstream: scalar(1) };
	return { result: y, upstream: broadcastLike(scalar(1), y) };
}
