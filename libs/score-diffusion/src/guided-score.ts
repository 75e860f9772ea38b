import {
	add,
	broadcastLike,
	input,
	mul,
	type ParameterScope,
	reshape,
	scalar,
	slice,
	type Tensor,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import type { Guide } from "./guide.js";
import { scoreNetwork } from "./score-network.js";
import { bakeNetwork, type Parameters } from "./stored-network.js";
import { conditionInput, stateInputs, type TrainedScore } from "./trained-score.js";

const guideName = (i: number) => `guides.${i}`;

/**
 * One network for the score and all guides: x [batch, nodes, operations], sigma [batch, 1], condition [batch, vector + 1] (where the score is asked for a
 * vector), strengths [guides] (with guides only) →
 * score [batch, nodes, operations] = s(x, σ) + Σ strength ∇ₓ f(x, σ).
 */
export function guidedScoreModel(trained: TrainedScore, guides: readonly Guide[]): Uint8Array {
	const { shape, size, vector } = trained.description;
	const graph = (scope: ParameterScope) => {
		const { x, sigma } = stateInputs(shape);
		const condition = conditionInput(vector);
		const score = scoreNetwork(scope.scope("score"), x, sigma, shape, size, condition);
		const inputs = [x, sigma, ...(condition ? [condition] : [])];
		if (guides.length === 0) return { inputs, outputs: { score } };
		const strengths = input("strengths", [guides.length]);
		const total = guides.reduce((sum, guide, i) => {
			const value = guide.graph(scope.scope(guideName(i)), x, sigma);
			return add(sum, mul(strengthOf(strengths, i), gradientOf(value, x)));
		}, score);
		return { inputs: [...inputs, strengths], outputs: { score: total } };
	};
	return bakeNetwork("guided score", graph, allParameters(trained, guides));
}

/** ∂f/∂x of each row, which depends on that row alone. */
function gradientOf(value: Tensor, x: Tensor): Tensor {
	const [gradient] = vectorJacobianProduct(
		[{ result: value, upstream: broadcastLike(scalar(1), value) }],
		[x],
	);
	return gradient!;
}

function strengthOf(strengths: Tensor, i: number): Tensor {
	return reshape(slice(strengths, [{ axis: 0, start: i, end: i + 1 }]), [1, 1, 1]);
}

function allParameters(score: TrainedScore, guides: readonly Guide[]): Parameters {
	const prefixed = (prefix: string, parameters: Parameters) =>
		[...parameters].map(([name, values]) => [`${prefix}.${name}`, values] as const);
	return new Map([
		...prefixed("score", score.parameters),
		...guides.flatMap(({ parameters }, i) => prefixed(guideName(i), parameters)),
	]);
}
