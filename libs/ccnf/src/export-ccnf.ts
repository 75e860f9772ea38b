import { ArchgenError } from "@archgen/errors";
import {
	buildModel,
	input,
	mul,
	ParameterScope,
	readFloatConstants,
	reduceSum,
	type Tensor,
	type TrainerState,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import type { CcnfSize } from "./ccnf-size.js";
import { ccnfField } from "./field.js";
import type { Normalization } from "./moving-batch-norm.js";

export type Objective = "flow-matching" | "nll";

/** What `ccnf.json` holds: everything about a trained flow but its weights. */
export interface CcnfDescription {
	readonly objective: Objective;
	readonly size: CcnfSize;
	/** T: noise lives at t = 0, latents at t = T. */
	readonly endTime: number;
	/** MovingBatchNorm at the latents' end: the flow sees (latent − mean) / std. */
	readonly latentNorm: Normalization;
	/** MovingBatchNorm at the noise end: the prior is standard normal in (u₀ − mean) / std. */
	readonly noiseNorm: Normalization;
}

export interface TrainedFlow {
	readonly description: CcnfDescription;
	readonly parameters: TrainerState["parameters"];
}

/** Files of a flow in a bundle. */
export const CCNF_FILES = { field: "field.onnx", description: "ccnf.json" } as const;

/**
 * A trained flow as files, by name:
 * - `field.onnx`: u [batch, D], t [batch, 1], z [batch, 4] → velocity [batch, D]; its constants are the parameters
 * - `ccnf.json`: `CcnfDescription`
 */
export function exportCcnf(flow: TrainedFlow): Map<string, Uint8Array> {
	const description = new TextEncoder().encode(`${JSON.stringify(flow.description, null, "\t")}\n`);
	return new Map<string, Uint8Array>([
		[CCNF_FILES.field, fieldModel(flow)],
		[CCNF_FILES.description, description],
	]);
}

/**
 * The flow whose field `exportCcnf` wrote, in whatever form its weights are stored.
 *
 * @throws ArchgenError FAILED_PRECONDITION `OTHER_FIELD` for a file of another vector field than ours
 */
export function importFlow(field: Uint8Array, description: CcnfDescription): TrainedFlow {
	const scope = new ParameterScope();
	dynamicField(scope, description.size);
	const stored = readFloatConstants(field);
	const parameters = scope.specs().map(({ name }) => [name, stored.get(name) ?? otherField(name)] as const);
	return { description, parameters: new Map(parameters) };
}

function otherField(parameter: string): never {
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "OTHER_FIELD",
		message: `${CCNF_FILES.field} has no "${parameter}": the flow was trained with another vector field than this version's; train it again with "archgen train ccnf".`,
		metadata: { parameter },
	});
}

/**
 * The field for rows that share conditions: u [batch, D], t [contexts, 1], z [contexts, 4], contextOf int64 [batch] → velocity [batch, D].
 */
export function sharedFieldModel(flow: TrainedFlow): Uint8Array {
	const { size } = flow.description;
	const scope = new ParameterScope();
	const u = input("u", ["batch", size.dimension]);
	const t = input("t", ["contexts", 1]);
	const z = input("z", ["contexts", size.condition]);
	const contextOf = input("contextOf", ["batch"], "int64");
	const velocity = ccnfField(scope, u, t, z, size, contextOf);
	return bake("field", [u, t, z, contextOf], { velocity }, scope, flow);
}

function fieldModel(flow: TrainedFlow): Uint8Array {
	const scope = new ParameterScope();
	const { inputs, velocity } = dynamicField(scope, flow.description.size);
	return bake("field", inputs, { velocity }, scope, flow);
}

/**
 * The field with its divergence: u, t, z, probe [batch, D] → velocity, and trace [batch] = probeᵀ (∂g/∂u) probe.
 * Only log-densities need it.
 */
export function divergenceModel(flow: TrainedFlow): Uint8Array {
	const scope = new ParameterScope();
	const { inputs, velocity } = dynamicField(scope, flow.description.size);
	const probe = input("probe", ["batch", flow.description.size.dimension]);
	const trace = hutchinsonTrace(velocity, inputs[0]!, probe);
	return bake("divergence", [...inputs, probe], { velocity, trace }, scope, flow);
}

/** eᵀ (∂g/∂u) e of each row [batch]: for random e of unit covariance an unbiased estimate of the divergence. */
export function hutchinsonTrace(velocity: Tensor, u: Tensor, probe: Tensor): Tensor {
	const [product] = vectorJacobianProduct([{ result: velocity, upstream: probe }], [u]);
	return reduceSum(mul(product!, probe), [1]);
}

function dynamicField(scope: ParameterScope, size: CcnfSize): { inputs: Tensor[]; velocity: Tensor } {
	const u = input("u", ["batch", size.dimension]);
	const t = input("t", ["batch", 1]);
	const z = input("z", ["batch", size.condition]);
	return { inputs: [u, t, z], velocity: ccnfField(scope, u, t, z, size) };
}

function bake(
	name: string,
	inputs: Tensor[],
	outputs: Record<string, Tensor>,
	scope: ParameterScope,
	{ parameters }: TrainedFlow,
): Uint8Array {
	const constants = new Map(
		scope.specs().map(({ name: key, shape }) => [key, { data: parameters.get(key)!, shape }] as const),
	);
	return buildModel({ name, inputs, outputs, constants });
}
