import { throwIfAborted } from "@archgen/errors";
import {
	broadcastLike,
	buildModel,
	crossEntropy,
	i64,
	input,
	scalar,
	type Tensor,
	type TensorValue,
	type TensorValues,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import { type Subject, sectionWeights } from "../network-passes.js";
import { type Scaled, trueSize } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { blockedPorts, PORT } from "../section-models.js";
import { expressSection, type SectionExpression } from "./section-expression.js";

/** What one section gave. */
export type Visit = (section: DetachedSection, outputs: TensorValues, index: number) => void;

/**
 * Runs the compiled pass of one section; equal sections share it.
 *
 * @param pass name of what is computed, part of the identity of the compiled model
 * @param build the outputs of that pass by name
 */
export async function runSection(
	{ cache, batch, parameters, signal }: Subject,
	section: DetachedSection,
	pass: string,
	build: () => Readonly<Record<string, Tensor>>,
	feeds: TensorValues,
): Promise<TensorValues> {
	throwIfAborted(signal);
	const key = `${pass}/${batch.shape[0]}/${section.key}`;
	const model = await cache.compiled(key, (block) =>
		buildModel({
			outputs: build(),
			blocked: block === null ? undefined : { block, ports: activationPorts(section) },
		}),
	);
	return model.run({ ...sectionWeights(section, parameters), ...feeds });
}

/** Names of the tangents of x, y and ∂L/∂y. */
export const TANGENT = { x: "tangent/x", y: "tangent/y", dy: "tangent/dy" } as const;

/** What holds activations in the layout that goes from section to section. */
function activationPorts(section: DetachedSection): ReadonlySet<string> {
	const ports = blockedPorts(section);
	const tangents = [
		[PORT.x, TANGENT.x],
		[PORT.y, TANGENT.y],
		[PORT.dy, TANGENT.dy],
	] as const;
	return new Set([...ports, ...tangents.flatMap(([port, tangent]) => (ports.has(port) ? [tangent] : []))]);
}

/** What a backward sweep computes, BN in train mode. */
export interface BackwardSweep {
	/** Name of the pass. */
	readonly name: string;
	/** What is differentiated: the mean cross-entropy, or the sum of the logits. */
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
	const upstream: (TensorValue | undefined)[] = sections.map(() => undefined);
	for (let i = sections.length - 1; i >= 0; i--) {
		const section = sections[i]!;
		const feeds = {
			[PORT.x]: trueSize(inputs[i]!).value,
			[PORT.labels]: i64(batch.labels, [batch.shape[0]]),
			...(upstream[i] && { [PORT.dy]: upstream[i]! }),
		};
		const build = () => backwardOutputs(section, batch.shape[0], sweep);
		const outputs = await runSection(subject, section, sweep.name, build, feeds);
		visit(section, outputs, i);
		if (i > 0) upstream[i - 1] = outputs[PORT.dx]!;
	}
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
	if (of === "loss")
		return { result: crossEntropy(y, input(PORT.labels, [batch], "int64")), upstream: scalar(1) };
	return { result: y, upstream: broadcastLike(scalar(1), y) };
}
