import { scalar, type Tensor } from "@archgen/tensor-graph";
import { expressLayer, isWeighted } from "../layer-expressions.js";
import type { DetachedSection } from "../section.js";
import { sectionInputs } from "../section-models.js";

/** A section as an expression, every value of it at hand. */
export interface SectionExpression {
	readonly x: Tensor;
	readonly y: Tensor;
	/** By value id of the section. */
	readonly values: ReadonlyMap<number, Tensor>;
	/** Outputs of the convolutions and linear layers by relative name. */
	readonly weighted: ReadonlyMap<string, Tensor>;
	/** Weights and biases by relative name, e.g. `node3.conv.weight`. */
	readonly parameters: ReadonlyMap<string, Tensor>;
}

/**
 * The layers of a section in plain operators [batch, channels, height, width], for passes that look inside.
 *
 * @param batchNorm by the batch's own statistics, or left out
 */
export function expressSection(
	section: DetachedSection,
	batch: number,
	batchNorm: "train" | "none" = "train",
): SectionExpression {
	const { x, parameters, parameter } = sectionInputs(section, batch);
	const context = { bnMode: "train", folded: new Map(), inputScale: scalar(1), parameter } as const;
	const values = new Map([[0, x]]);
	const weighted = new Map<string, Tensor>();
	// Operations that read one node each begin with a ReLU of it: one does for all.
	const activated = new Map<Tensor, Tensor>();
	for (const layer of section.layers) {
		const inputs = layer.inputs.map((id) => values.get(id)!);
		const passes = layer.kind === "batch_norm" && batchNorm === "none";
		const known = layer.kind === "relu" ? activated.get(inputs[0]!) : undefined;
		const result = known ?? (passes ? inputs[0]! : expressLayer(layer, inputs, context));
		if (layer.kind === "relu") activated.set(inputs[0]!, result);
		values.set(layer.output, result);
		if (isWeighted(layer)) weighted.set(layer.name, result);
	}
	return { x, y: values.get(section.output)!, values, weighted, parameters };
}

/** The weights, not the biases, of a section by relative name of their layer. */
export function weightsOf({ parameters }: SectionExpression): ReadonlyMap<string, Tensor> {
	const suffix = ".weight";
	const weights = [...parameters].filter(([name]) => name.endsWith(suffix));
	return new Map(weights.map(([name, tensor]) => [name.slice(0, -suffix.length), tensor]));
}
