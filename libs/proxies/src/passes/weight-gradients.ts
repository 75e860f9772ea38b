import type { TensorValue } from "@archgen/tensor-graph";
import type { ForwardResult } from "../network-passes.js";
import type { Subject } from "../subject.js";
import { weightsOf } from "./section-expression.js";
import { sweepBack } from "./sweep.js";

/** ∂L/∂w of every weight, whole; BN in train mode. */
export interface WeightGradients {
	/** By layer name in the network, of the weight's shape. */
	readonly weights: ReadonlyMap<string, TensorValue>;
	/** ∂L/∂y of every section but the head. */
	readonly upstream: readonly (TensorValue | undefined)[];
}

/** One backward pass for proxies that need more of a gradient than its sums. */
export async function weightGradients(subject: Subject, { inputs }: ForwardResult): Promise<WeightGradients> {
	const weights = new Map<string, TensorValue>();
	const sweep = { name: "weight-gradients", of: "loss", by: weightsOf } as const;
	const upstream = await sweepBack(subject, inputs, sweep, (section, outputs) => {
		for (const { name } of section.layers) {
			const gradient = outputs[name];
			if (gradient) weights.set(section.prefix + name, gradient);
		}
	});
	return { weights, upstream };
}
