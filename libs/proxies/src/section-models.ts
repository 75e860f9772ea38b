import type { Layer } from "@archgen/search-space";
import {
	blockedRewrite,
	buildModel,
	input,
	scalar,
	type Tensor,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import { codeProduct } from "./code-product.js";
import { headLoss } from "./head-loss.js";
import {
	type BatchNormMode,
	type ExpressionContext,
	expressLayer,
	foldedValues,
	isWeighted,
} from "./layer-expressions.js";
import type { DetachedSection } from "./section.js";
import { gradientOf, gramOf, PORT } from "./section-ports.js";

/** What a compiled section computes. */
export type SectionPass =
	/** y, in train mode the statistics, and for every weighted layer the product X Xᵀ of the 0/1 codes of its output's signs. */
	| "codes"
	/** y alone. */
	| "forward"
	/** From ∂L/∂y (from labels in the head) the gradient ∂L/∂x and those of all weights; recomputes the forward pass. */
	| "backward";

/** Names of the statistics of a BN's input. */
const statisticsAt = (layer: string) => ({ mean: `mean/${layer}`, precision: `precision/${layer}` }) as const;

/**
 * Batch normalisation of a pass: "train" finds the minibatch's statistics, and in the forward pass returns them; "known" is the
 * same from statistics that are fed, and leaves the normalising to the convolutions before.
 */
export type PassMode = BatchNormMode | "known";

interface Expression {
	readonly x: Tensor;
	readonly y: Tensor;
	/** What has the signs of the outputs of the weighted layers, by relative name. */
	readonly weighted: ReadonlyMap<string, Tensor>;
	readonly parameters: ReadonlyMap<string, Tensor>;
	/** Mean and precision at every BN in train mode, by output name. */
	readonly statistics: Readonly<Record<string, Tensor>>;
}

/**
 * ONNX file of one pass of a section for a fixed batch size.
 *
 * @param block channels side by side in blocked layout, in which activations then go from section to section; null for plain
 */
export function buildSectionModel(
	section: DetachedSection,
	batch: number,
	pass: SectionPass,
	mode: PassMode,
	block: number | null = null,
): Uint8Array {
	const outputs = outputsOf(section, batch, pass, mode);
	return buildModel({
		outputs,
		rewrite: block === null ? undefined : blockedRewrite(block, blockedPorts(section)),
	});
}

/** What holds activations, except the images and the logits. */
export function blockedPorts({ kind }: DetachedSection): ReadonlySet<string> {
	return new Set([
		...(kind === "stem" ? [] : [PORT.x, PORT.dx]),
		...(kind === "head" ? [] : [PORT.y, PORT.dy]),
	]);
}

function outputsOf(
	section: DetachedSection,
	batch: number,
	pass: SectionPass,
	mode: PassMode,
): Record<string, Tensor> {
	const expression = express(section, batch, mode);
	switch (pass) {
		case "codes":
			return { [PORT.y]: expression.y, ...expression.statistics, ...codeProducts(expression) };
		case "forward":
			return { [PORT.y]: expression.y, ...expression.statistics };
		case "backward":
			return backward(section, expression, batch);
	}
}

/** The input x of a section, and its parameters by relative name as they are asked for. */
export function sectionInputs(section: DetachedSection, batch: number) {
	const { channels, height, width } = section.values[0]!;
	const parameters = new Map<string, Tensor>();
	const parameter = (name: string, shape: readonly number[]) => {
		const tensor = input(name, shape);
		parameters.set(name, tensor);
		return tensor;
	};
	return { x: input(PORT.x, [batch, channels, height, width]), parameters, parameter };
}

function express(section: DetachedSection, batch: number, mode: PassMode): Expression {
	const { x, parameters, parameter } = sectionInputs(section, batch);
	const inputScale = input(PORT.scale, []);
	const statistics: Record<string, Tensor> = {};
	const context: ExpressionContext = {
		bnMode: mode === "eval" ? "eval" : "train",
		folded: mode === "train" ? new Map() : foldedValues(section.layers),
		inputScale,
		parameter,
		...(mode === "known" && {
			statistics: ({ name, output }) => {
				const shape = [1, section.values[output]!.channels, 1, 1];
				const names = statisticsAt(name);
				return { mean: input(names.mean, shape), precision: input(names.precision, shape) };
			},
		}),
		...(mode === "train" && {
			onStatistics: ({ name }, found) => {
				const names = statisticsAt(name);
				statistics[names.mean] = found.mean;
				statistics[names.precision] = found.precision;
			},
		}),
	};
	const tensors = new Map([[0, x]]);
	// Operations that read one node each begin with a ReLU of it: one does for all.
	const activated = new Map<Tensor, Tensor>();
	for (const layer of section.layers) {
		const inputs = layer.inputs.map((id) => tensors.get(id)!);
		const known = layer.kind === "relu" ? activated.get(inputs[0]!) : undefined;
		const result = known ?? expressLayer(layer, inputs, context);
		if (layer.kind === "relu") activated.set(inputs[0]!, result);
		tensors.set(layer.output, result);
	}
	const weighted = new Map(
		section.layers
			.filter(isWeighted)
			.map(({ name, output }) => [name, tensors.get(signedLike(section.layers, output, context.folded))!]),
	);
	return { x, y: tensors.get(section.output)!, weighted, parameters, statistics };
}

/**
 * The value to take signs from instead of a layer's output: where nothing but a ReLU reads it, what the ReLU makes of it is
 * positive at the same places, and the convolution can apply the ReLU itself.
 *
 * @param folded values that batch normalisation passes on as they are
 */
function signedLike(layers: readonly Layer[], value: number, folded: ExpressionContext["folded"]): number {
	const [reader, ...others] = layers.filter(({ inputs }) => inputs.includes(value));
	if (reader === undefined || others.length > 0) return value;
	if (reader.kind === "batch_norm" && folded.has(value)) return signedLike(layers, reader.output, folded);
	return reader.kind === "relu" ? reader.output : value;
}

function codeProducts({ weighted }: Expression): Record<string, Tensor> {
	return Object.fromEntries([...weighted].map(([name, y]) => [gramOf(name), codeProduct(y)]));
}

function backward(
	section: DetachedSection,
	{ x, y, parameters }: Expression,
	batch: number,
): Record<string, Tensor> {
	const names = [...parameters.keys()].filter((name) => name.endsWith(".weight"));
	const wrt = [...names.map((name) => parameters.get(name)!), ...(section.kind === "stem" ? [] : [x])];
	const head = section.kind === "head";
	const result = head ? headLoss(section, y, batch) : y;
	const upstream = head ? scalar(1) : input(PORT.dy, y.shape);
	const gradients = vectorJacobianProduct([{ result, upstream }], wrt);
	const outputs: Record<string, Tensor> = {};
	// The last layer first, as its gradient is there first: what only it needs is then let go before the next.
	for (const [i, name] of [...names.entries()].reverse()) outputs[gradientOf(name)] = gradients[i]!;
	if (section.kind !== "stem") outputs[PORT.dx] = gradients.at(-1)!;
	if (head) outputs[PORT.loss] = result;
	return outputs;
}
