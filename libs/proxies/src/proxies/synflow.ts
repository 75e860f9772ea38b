import type { Layer } from "@archgen/search-space";
import {
	broadcastLike,
	f32,
	input,
	mul,
	reduceSum,
	scalar,
	type Tensor,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import { isHomogeneous } from "../layer-expressions.js";
import { runPass, written } from "../passes/run-pass.js";
import { expressSection, weightsOf } from "../passes/section-expression.js";
import { failure, finite, type ProxySpec } from "../proxy.js";
import { balance, type Scaled, trueSize } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import type { Subject } from "../subject.js";

export const synflow: ProxySpec = {
	description: "How much flow passes through the weights, whatever the images.",
	formula:
		"ln Σ_l Σ w ⊙ ∂R/∂w, R the sum of the logits of an image of ones; batch norm left out, all parameters replaced by their magnitudes",
	source: "Tanaka et al. 2020; as a proxy Abdelfattah et al. 2021 (there without the logarithm)",
	direction: "higher",
	unit: "nats",
	needsData: false,
	needsGradient: true,
	cost: "backward",
	batchNorm: "none",
	passes: [],
	async compute({ subject }) {
		const ones = magnitudes(subject);
		const total = await logFlow(ones, await forward(ones));
		if (total === Number.NEGATIVE_INFINITY)
			return failure("NO_PATH", "No flow reaches the logits: the network is not connected.");
		return finite(total);
	},
};

/** The network with the magnitudes of its parameters, on one image of ones. */
function magnitudes(subject: Subject): Subject {
	const parameters = new Map([...subject.parameters].map(([name, values]) => [name, values.map(Math.abs)]));
	const [, channels, height, width] = subject.batch.shape;
	const images = new Float32Array(channels * height * width).fill(1);
	const batch = { ...subject.batch, images, shape: [1, channels, height, width] as const };
	return { ...subject, parameters, batch };
}

/**
 * Inputs of all sections, each brought to a size of about 1. Without batch norm the flow grows by a factor of up to 100 per
 * layer; but it is homogeneous in its input once the biases are scaled along. Sections with gates or h-swish are not: they
 * get their input at true size.
 */
async function forward(subject: Subject): Promise<Scaled[]> {
	const inputs: Scaled[] = [];
	await runPass<Scaled>(subject, {
		direction: "forward",
		start: { value: f32(subject.batch.images, subject.batch.shape), exponent: 0 },
		compile: written(subject, "synflow", (section) => ({ [PORT.y]: expressSection(section, 1, "none").y })),
		feeds: (section, current) => {
			const x = section.layers.every(isHomogeneousWithBias) ? balance(current) : trueSize(current);
			inputs.push(x);
			return feedsOf(subject, section, x);
		},
		read: (_, outputs, __, i) => ({ value: outputs[PORT.y]!, exponent: inputs[i]!.exponent }),
	});
	return inputs;
}

/** Whether f(cx, cb) = c·f(x, b) for c > 0 and the biases b. */
function isHomogeneousWithBias(layer: Layer): boolean {
	return layer.kind === "conv" || isHomogeneous(layer);
}

/** The input, and the biases at its scale. */
function feedsOf({ parameters }: Subject, { layers, prefix }: DetachedSection, { value, exponent }: Scaled) {
	const biases = layers.flatMap(({ name }) => {
		const bias = parameters.get(`${prefix}${name}.bias`);
		return bias
			? [
					[
						`${name}.bias`,
						f32(
							bias.map((b) => b * 2 ** exponent),
							[bias.length],
						),
					] as const,
				]
			: [];
	});
	return { [PORT.x]: value, ...Object.fromEntries(biases) };
}

/** ln Σ w ⊙ ∂R/∂w over all layers, back from the head. */
async function logFlow(subject: Subject, inputs: readonly Scaled[]): Promise<number> {
	const logs: number[] = [];
	await runPass<Scaled | undefined>(subject, {
		direction: "backward",
		start: undefined,
		compile: written(subject, "synflow-back", flowOutputs),
		feeds: (section, upstream, i) => ({
			...feedsOf(subject, section, inputs[i]!),
			...(upstream && { [PORT.dy]: upstream.value }),
		}),
		read: (section, outputs, upstream, i) => {
			const exponent = upstream?.exponent ?? 0;
			for (const { name } of section.layers) {
				const flow = outputs[flowOf(name)];
				if (flow) logs.push(Math.log(Number(flow.data[0])) - (inputs[i]!.exponent + exponent) * Math.LN2);
			}
			return outputs[PORT.dx] && balance({ value: outputs[PORT.dx]!, exponent });
		},
	});
	return logSumExp(logs);
}

const flowOf = (layer: string) => `flow/${layer}`;

function flowOutputs(section: DetachedSection): Record<string, Tensor> {
	const expression = expressSection(section, 1, "none");
	const { x, y } = expression;
	const weights = [...weightsOf(expression)];
	const upstream = section.kind === "head" ? broadcastLike(scalar(1), y) : input(PORT.dy, y.shape);
	const found = vectorJacobianProduct(
		[{ result: y, upstream }],
		[...weights.map(([, weight]) => weight), ...(section.kind === "stem" ? [] : [x])],
	);
	const flows = weights.map(
		([name, weight], i) => [flowOf(name), reduceSum(mul(weight, found[i]!))] as const,
	);
	return { ...Object.fromEntries(flows), ...(section.kind !== "stem" && { [PORT.dx]: found.at(-1)! }) };
}

/** ln Σ eˣ without overflow; −∞ when every x is. */
function logSumExp(logs: readonly number[]): number {
	const largest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
	if (largest === Number.NEGATIVE_INFINITY) return largest;
	return largest + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}
