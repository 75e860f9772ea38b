import {
	add,
	broadcastTo,
	i64,
	input,
	mul,
	reduceSum,
	scalar,
	staticShape,
	type Tensor,
	type TensorValue,
	type TensorValues,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import type { ForwardResult } from "../network-passes.js";
import { trueSize } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import type { Subject } from "../subject.js";
import { runPass, TANGENT, written } from "./run-pass.js";
import { expressSection, type SectionExpression, weightsOf } from "./section-expression.js";
import { seedOf } from "./sweep.js";
import type { WeightGradients } from "./weight-gradients.js";

const directionOf = (layer: string) => `direction/${layer}`;
const productOf = (layer: string) => `product/${layer}`;

/**
 * H v of the mean cross-entropy for the direction v = ∂L/∂w, all weights together, BN in train mode.
 *
 * H v = ∇(∇L · v) with v held fixed, and ∇L · v is the derivative of L along v. So a forward pass carries
 * ẏ = (∂y/∂x) ẋ + (∂y/∂w) v through the network, and a backward pass differentiates it: with b = ∂L/∂y, which the gradient's
 * own backward pass left behind, the derivatives of ⟨a, y⟩ + ⟨b, ẏ⟩ by the weights of a section are its part of H v, and
 * the one by x is a of the section before. There ⟨b, ẏ⟩ = ⟨bᵀ ∂y/∂x, ẋ⟩ + ⟨bᵀ ∂y/∂w, v⟩ needs no forward derivative.
 *
 * @returns H v of every weight by layer name
 */
export async function hessianGradientProduct(
	subject: Subject,
	forward: ForwardResult,
	gradients: WeightGradients,
): Promise<ReadonlyMap<string, Float32Array>> {
	const { batch } = subject;
	const size = batch.shape[0];
	const tangents = await tangentPass(subject, forward, gradients);
	const products = new Map<string, Float32Array>();
	await runPass<TensorValue | undefined>(subject, {
		direction: "backward",
		start: undefined,
		compile: written(subject, "curvature", (section) => curvatureOf(section, size)),
		feeds: (section, curvature, i) => ({
			...pointFeeds(section, forward.inputs[i]!, tangents[i], gradients),
			[PORT.labels]: i64(batch.labels, [size]),
			...(gradients.upstream[i] && { [PORT.dy]: gradients.upstream[i]! }),
			...(curvature && { [TANGENT.dy]: curvature }),
		}),
		read: (section, outputs) => {
			for (const { name } of section.layers) {
				const product = outputs[productOf(name)];
				if (product) products.set(section.prefix + name, product.data as Float32Array);
			}
			return outputs[PORT.dx];
		},
	});
	return products;
}

/** ẋ of every section; none for the stem, whose input does not move. */
async function tangentPass(
	subject: Subject,
	forward: ForwardResult,
	gradients: WeightGradients,
): Promise<(TensorValue | undefined)[]> {
	const tangents: (TensorValue | undefined)[] = [undefined];
	const size = subject.batch.shape[0];
	const body = { ...subject, sections: subject.sections.slice(0, -1) };
	await runPass<TensorValue | undefined>(body, {
		direction: "forward",
		start: undefined,
		compile: written(subject, "tangent", (section) => ({ [TANGENT.y]: tangentOf(section, size) })),
		feeds: (section, tangent, i) => pointFeeds(section, forward.inputs[i]!, tangent, gradients),
		read: (_, outputs) => {
			tangents.push(outputs[TANGENT.y]!);
			return outputs[TANGENT.y]!;
		},
	});
	return tangents;
}

/** x, ẋ and v. */
function pointFeeds(
	{ layers, prefix }: DetachedSection,
	x: ForwardResult["inputs"][number],
	tangent: TensorValue | undefined,
	{ weights }: WeightGradients,
): TensorValues {
	const directions = layers.flatMap(({ name }) => {
		const direction = weights.get(prefix + name);
		return direction ? [[directionOf(name), direction] as const] : [];
	});
	return {
		[PORT.x]: trueSize(x).value,
		...(tangent && { [TANGENT.x]: tangent }),
		...Object.fromEntries(directions),
	};
}

/** ẏ, as the derivative by u of ⟨u, ẏ⟩, which is linear in u: any u will do. */
function tangentOf(section: DetachedSection, batch: number): Tensor {
	const expression = expressSection(section, batch);
	const u = broadcastTo(scalar(1), staticShape(expression.y.shape));
	const pairing = alongDirection(section, expression, { result: expression.y, upstream: u });
	return vectorJacobianProduct([{ result: pairing, upstream: scalar(1) }], [u])[0]!;
}

/** The derivatives of ⟨a, y⟩ + ⟨b, ẏ⟩ by the weights and by x. */
function curvatureOf(section: DetachedSection, batch: number): Record<string, Tensor> {
	const expression = expressSection(section, batch);
	const pairing = alongDirection(section, expression, seedOf(section, expression, batch, "loss"));
	const { y } = expression;
	const cotangents = [
		{ result: pairing, upstream: scalar(1) },
		...(section.kind === "head" ? [] : [{ result: y, upstream: input(TANGENT.dy, y.shape) }]),
	];
	const weights = [...weightsOf(expression)];
	const moves = section.kind !== "stem";
	const wrt = [...weights.map(([, weight]) => weight), ...(moves ? [expression.x] : [])];
	const found = vectorJacobianProduct(cotangents, wrt);
	const products = weights.map(([name], i) => [productOf(name), found[i]!] as const);
	return { ...Object.fromEntries(products), ...(moves && { [PORT.dx]: found.at(-1)! }) };
}

/** ⟨bᵀ ∂y/∂x, ẋ⟩ + ⟨bᵀ ∂y/∂w, v⟩. */
function alongDirection(
	section: DetachedSection,
	expression: SectionExpression,
	seed: { readonly result: Tensor; readonly upstream: Tensor },
): Tensor {
	const weights = [...weightsOf(expression)];
	const { x } = expression;
	const moves = section.kind !== "stem";
	const found = vectorJacobianProduct(
		[seed],
		[...weights.map(([, weight]) => weight), ...(moves ? [x] : [])],
	);
	const directions = weights.map(([name, weight]) => input(directionOf(name), weight.shape));
	if (moves) directions.push(input(TANGENT.x, x.shape));
	return directions.map((direction, i) => reduceSum(mul(found[i]!, direction))).reduce(add);
}
