import {
	buildModel,
	cast,
	crossEntropy,
	greater,
	input,
	matMul,
	reshape,
	scalar,
	type Tensor,
	transpose,
	vectorJacobianProduct,
	withGradient,
} from "@archgen/tensor-graph";
import { type BatchNormMode, expressLayer, foldedValues, isWeighted } from "./layer-expressions.js";
import type { DetachedSection } from "./section.js";

/** What a compiled section computes. */
export type SectionPass =
	/** y and, for every weighted layer, the product X Xᵀ of the 0/1 codes of its output's signs. */
	| "codes"
	/** The same, and the outputs of the convolutions for the backward pass. */
	| "codes-saving"
	/** y alone. */
	| "forward"
	/** From ∂L/∂y (from labels in the head) the gradient ∂L/∂x and those of all weights; recomputes the forward pass. */
	| "backward"
	/** The same from saved outputs of the convolutions, which are then not computed again. */
	| "backward-saved";

/** Names of the model inputs and outputs that are not weights. */
export const PORT = {
	x: "x",
	y: "y",
	dx: "dx",
	dy: "dy",
	scale: "scale",
	labels: "labels",
	loss: "loss",
} as const;
/** Output name of the code product of a layer. */
export const gramOf = (layer: string) => `gram/${layer}`;
/** Name under which the output of a convolution is saved and fed again. */
export const savedOf = (layer: string) => `saved/${layer}`;
/** Output name of the gradient of a weight. */
export const gradientOf = (parameter: string) => `gradient/${parameter}`;

interface Expression {
	readonly x: Tensor;
	readonly y: Tensor;
	/** Outputs of the weighted layers by relative name. */
	readonly weighted: ReadonlyMap<string, Tensor>;
	readonly parameters: ReadonlyMap<string, Tensor>;
}

/** ONNX file of one pass of a section for a fixed batch size. */
export function buildSectionModel(
	section: DetachedSection,
	batch: number,
	pass: SectionPass,
	bnMode: BatchNormMode,
): Uint8Array {
	const expression = express(section, batch, bnMode, pass === "backward-saved");
	switch (pass) {
		case "codes":
			return buildModel({ outputs: { [PORT.y]: expression.y, ...codeProducts(expression) } });
		case "codes-saving":
			return buildModel({
				outputs: {
					[PORT.y]: expression.y,
					...codeProducts(expression),
					...savedOutputs(section, expression),
				},
			});
		case "forward":
			return buildModel({ outputs: { [PORT.y]: expression.y } });
		case "backward":
		case "backward-saved":
			return buildModel({ outputs: backward(section, expression, batch) });
	}
}

function express(section: DetachedSection, batch: number, bnMode: BatchNormMode, saved: boolean): Expression {
	const { channels, size } = section.values[0]!;
	const x = input(PORT.x, [batch, channels, size, size]);
	const parameters = new Map<string, Tensor>();
	const parameter = (name: string, shape: readonly number[]) => {
		const tensor = input(name, shape);
		parameters.set(name, tensor);
		return tensor;
	};
	const inputScale = input(PORT.scale, []);
	const folded = foldedValues(section.layers, bnMode);
	const tensors = new Map([[0, x]]);
	const weighted = new Map<string, Tensor>();
	for (const layer of section.layers) {
		const inputs = layer.inputs.map((id) => tensors.get(id)!);
		const result = expressLayer(layer, inputs, { bnMode, folded, inputScale, parameter });
		tensors.set(layer.output, saved && layer.kind === "conv" ? fromSaved(layer.name, result) : result);
		if (isWeighted(layer)) weighted.set(layer.name, result);
	}
	return { x, y: tensors.get(section.output)!, weighted, parameters };
}

/** A value fed instead of computed, whose gradient flows on through the convolution that it came from. */
function fromSaved(layer: string, result: Tensor): Tensor {
	return withGradient(input(savedOf(layer), result.shape), [result], (upstream) => [upstream]);
}

function savedOutputs({ layers }: DetachedSection, { weighted }: Expression): Record<string, Tensor> {
	const convolutions = layers.filter((layer) => layer.kind === "conv");
	return Object.fromEntries(convolutions.map(({ name }) => [savedOf(name), weighted.get(name)!]));
}

function codeProducts({ weighted }: Expression): Record<string, Tensor> {
	return Object.fromEntries(
		[...weighted].map(([name, y]) => {
			const [batch, ...rest] = y.shape as number[];
			const flat = reshape(y, [batch!, rest.reduce((a, b) => a * b, 1)]);
			const codes = cast(greater(flat, scalar(0)), "float32");
			return [gramOf(name), matMul(codes, transpose(codes))];
		}),
	);
}

function backward(
	section: DetachedSection,
	{ x, y, parameters }: Expression,
	batch: number,
): Record<string, Tensor> {
	const names = [...parameters.keys()].filter((name) => name.endsWith(".weight"));
	const wrt = [...names.map((name) => parameters.get(name)!), ...(section.kind === "stem" ? [] : [x])];
	const head = section.kind === "head";
	const result = head ? crossEntropy(y, input(PORT.labels, [batch], "int64")) : y;
	const upstream = head ? scalar(1) : input(PORT.dy, y.shape);
	const gradients = vectorJacobianProduct([{ result, upstream }], wrt);
	const outputs: Record<string, Tensor> = {};
	names.forEach((name, i) => {
		outputs[gradientOf(name)] = gradients[i]!;
	});
	if (section.kind !== "stem") outputs[PORT.dx] = gradients.at(-1)!;
	if (head) outputs[PORT.loss] = result;
	return outputs;
}
