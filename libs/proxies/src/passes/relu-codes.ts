import { valueElements } from "@archgen/search-space";
import { f32, type Tensor } from "@archgen/tensor-graph";
import { codeProduct } from "../code-product.js";
import type { ForwardResult } from "../network-passes.js";
import type { Scaled } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import { addKernel, codeKernel } from "../sign-codes.js";
import type { Subject } from "../subject.js";
import { runPass, written } from "./run-pass.js";
import { expressSection } from "./section-expression.js";

export interface ReluCodesResult extends ForwardResult {
	/** Σ K over the inputs of all ReLUs, batch × batch. */
	readonly kernel: Float64Array;
}

/** A forward pass with BN in train mode that compares the images' sign codes at the inputs of the ReLUs. */
export async function reluCodesPass(subject: Subject): Promise<ReluCodesResult> {
	const { batch } = subject;
	const size = batch.shape[0];
	const kernel = new Float64Array(size * size);
	const inputs: Scaled[] = [];
	const logits = await runPass(subject, {
		direction: "forward",
		start: f32(batch.images, batch.shape),
		compile: written(subject, "relu-codes", (section) => reluCodes(section, size)),
		feeds: (_, value) => {
			inputs.push({ value, exponent: 0 });
			return { [PORT.x]: value };
		},
		read: (section, outputs) => {
			for (const id of reluInputs(section)) {
				const gram = outputs[gramOf(id)]!.data as Float32Array;
				addKernel(kernel, codeKernel(gram, size, valueElements(section.values[id]!)));
			}
			return outputs[PORT.y]!;
		},
	});
	return { inputs, logits, kernel };
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
