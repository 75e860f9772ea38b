import {
	add,
	buildModel,
	concat,
	input,
	mul,
	ParameterScope,
	reduceSum,
	reshape,
	scalar,
	type Tensor,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import type { CcnfSize } from "./ccnf-size.js";
import { hutchinsonTrace } from "./export-ccnf.js";
import { ccnfField } from "./field.js";

/** The two right-hand sides of one training step of the "nll" objective; parameters are inputs of both. */
export interface NllGraphs {
	/** u, t, z, probe → velocity [rows, D], trace [rows]. */
	readonly forward: Uint8Array;
	/** Also adjoint [rows, D] → adjoint_rate [rows, D] and parameter_rate [P], all parameters flat in order. */
	readonly backward: Uint8Array;
	readonly parameters: ParameterScope;
}

/**
 * With a = ∂L/∂u, ∂L/∂ℓ = −1/rows and S = Σ a·g + Σ (−1/rows)·eᵀ(∂g/∂u)e, the adjoint method (Chen et al. 2018)
 * integrates da/dt = −∂S/∂u and dG/dt = −∂S/∂θ beside the state itself.
 */
export function nllGraphs(size: CcnfSize, rows: number): NllGraphs {
	const parameters = new ParameterScope();
	const u = input("u", [rows, size.dimension]);
	const t = input("t", [rows, 1]);
	const z = input("z", [rows, size.condition]);
	const probe = input("probe", [rows, size.dimension]);
	const adjoint = input("adjoint", [rows, size.dimension]);
	const velocity = ccnfField(parameters, u, t, z, size);
	const trace = hutchinsonTrace(velocity, u, probe);
	const weights = [...parameters.tensors().values()];
	const pairing = add(reduceSum(mul(adjoint, velocity)), mul(reduceSum(trace), scalar(-1 / rows)));
	const [adjointRate, ...parameterRates] = vectorJacobianProduct(
		[{ result: pairing, upstream: scalar(-1) }],
		[u, ...weights],
	);
	const flat = concat(parameterRates.map(flatten), 0);
	return {
		parameters,
		forward: buildModel({ name: "nll-forward", inputs: [u, t, z, probe], outputs: { velocity, trace } }),
		backward: buildModel({
			name: "nll-backward",
			inputs: [u, t, z, probe, adjoint],
			outputs: { velocity, trace, adjoint_rate: adjointRate!, parameter_rate: flat },
		}),
	};
}

/**
 * A loss whose gradient with respect to each parameter is the array fed beside it: it lets the ordinary trainer apply
 * gradients that were computed elsewhere.
 */
export function givenGradientLoss(parameters: ParameterScope): { loss: Tensor; batch: Tensor[] } {
	const products = parameters.specs().map(({ name, shape }) => {
		const gradient = input(gradientInput(name), shape);
		return { gradient, product: reduceSum(mul(parameters.tensors().get(name)!, gradient)) };
	});
	return {
		loss: products.map(({ product }) => product).reduce((a, b) => add(a, b)),
		batch: products.map(({ gradient }) => gradient),
	};
}

export function gradientInput(parameter: string): string {
	return `gradient/${parameter}`;
}

function flatten(x: Tensor): Tensor {
	return reshape(x, [(x.shape as readonly number[]).reduce((a, b) => a * b, 1)]);
}
