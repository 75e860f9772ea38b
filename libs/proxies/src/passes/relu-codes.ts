import { f32, type Tensor } from "@archgen/tensor-graph";
import { codeProduct } from "../code-product.js";
import type { ForwardResult, Subject } from "../network-passes.js";
import type { Scaled } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-models.js";
import { addKernel, codeKernel } from "../sign-codes.js";
import { expressSection } from "./section-expression.js";
import { runSection } from "./sweep.js";

export interface ReluCodesResult extends ForwardResult {
	/** Σ K over the inputs of all ReLUs, batch × batch. */
	readonly kernel: Float64Array;
}

/** A forward pass with BN in train mode that compares the images' sign codes at the inputs of the ReLUs. */
export async function reluCodesPass(subject: Subject): Promise<ReluCodesResult> {
	const { sections, batch } = subject;
	const size = batch.shape[0];
	const kernel = new Float64Array(size * size);
	const inputs: Scaled[] = [];
	let value = f32(batch.images, batch.shape);
	for (const section of sections) {
		inputs.push({ value, exponent: 0 });
		const build = () => reluCodes(section, size);
		const outputs = await runSection(subject, section, "relu-codes", build, { [PORT.x]: value });
		for (const id of reluInputs(section)) {
			const { channels, size: side } = section.values[id]!;
			const gram = outputs[gramOf(id)]!.data as Float32Array;
			addKernel(kernel, codeKernel(gram, size, channels * side * side));
		}
		value = outputs[PORT.y]!;
	}
	return { inputs, logits: value, kernel };
}

/** The value that each ReLU of a section reads; one that several read counts for each. */
const reluInputs = ({ layers }: DetachedSection) =>
	layers.flatMap((layer) => (layer.kind === "relu" ? [layer.inputs[0]!] : []));
const gramOf = (value: number) => `gram/${value}`;

function reluCodes(section: DetachedSection, batch: number): Record<string, Tensor> {
	const { values, y } = expressSection(section, batch);
	const grams = [...new Set(reluInputs(section))].map((id) => [gramOf(id), codeProduct(values.get(id)!)]);
	return { [PORT.y]: y, ...Object.fromEntries(grams) };
}
