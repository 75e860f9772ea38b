import { add } from "./operators/elementwise.js";
import { broadcastLike } from "./operators/layout.js";
import { constant, scalar } from "./operators/sources.js";
import { elementCount, ShapeError, staticShape } from "./shape.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

/** A result together with ∂L/∂result. */
export interface Cotangent {
	readonly result: Tensor;
	readonly upstream: Tensor;
}

/**
 * ∂loss/∂x for each x, as tensors of the same graph: they can be computed beside the loss or differentiated again.
 *
 * @param loss a tensor with one element
 * @throws ShapeError when the loss is not a scalar or passes through an operator without derivative
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
	if (elementCount(loss.shape) !== 1) throw new ShapeError("gradients need a loss with one element");
	return vectorJacobianProduct([{ result: loss, upstream: broadcastLike(scalar(1), loss) }], wrt);
}

/** Σ upstreamᵀ ∂result/∂x for each x (reverse mode); zeros where nothing depends on x. */
export function vectorJacobianProduct(cotangents: readonly Cotangent[], wrt: readonly Tensor[]): Tensor[] {
	const order = topologicalOrder(cotangents.map((c) => c.result));
	const active = dependents(order, new Set(wrt));
	const accumulated = new Map<Tensor, Tensor>();
	const accumulate = (node: Tensor, gradient: Tensor) => {
		const known = accumulated.get(node);
		accumulated.set(node, known === undefined ? gradient : add(known, gradient));
	};
	for (const { result, upstream } of cotangents) accumulate(result, upstream);
	for (const node of order.reverse()) {
		const upstream = accumulated.get(node);
		if (upstream === undefined || !active.has(node) || node.inputs.length === 0) continue;
		propagate(node, upstream, active, accumulate);
	}
	return wrt.map((x) => accumulated.get(x) ?? zerosLike(x));
}

/** The nodes of the order whose value depends on one of the sources. */
function dependents(order: readonly Tensor[], sources: ReadonlySet<Tensor>): ReadonlySet<Tensor> {
	const found = new Set<Tensor>();
	for (const node of order) if (sources.has(node) || node.inputs.some((x) => found.has(x))) found.add(node);
	return found;
}

function propagate(
	node: Tensor,
	upstream: Tensor,
	active: ReadonlySet<Tensor>,
	accumulate: (node: Tensor, gradient: Tensor) => void,
): void {
	const { gradient, name } = node.operator;
	// Comparisons end a path like a constant would; anything else without a rule would silently lose gradient.
	if (gradient === null) {
		if (node.dtype === "bool" || name === "sign" || name === "step") return;
		throw new ShapeError(`${name} has no gradient`);
	}
	const partials = gradient(node, upstream, node.attributes);
	node.inputs.forEach((x, i) => {
		const partial = partials[i];
		if (partial && active.has(x)) accumulate(x, partial);
	});
}

function zerosLike(x: Tensor): Tensor {
	return constant(new Float32Array(elementCount(x.shape)), staticShape(x.shape));
}
