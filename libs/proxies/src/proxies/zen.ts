import { createRandom, fillNormal, type Random } from "@archgen/random";
import { f32, mul, reduceMean, sub, type Tensor, type TensorValue } from "@archgen/tensor-graph";
import { lastFeatures } from "../global-pooling.js";
import { runPass, written } from "../passes/run-pass.js";
import { expressSection } from "../passes/section-expression.js";
import { failure, finite, type ProxySpec } from "../proxy.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import type { Subject } from "../subject.js";

/** α of the formula: the size of the perturbation. */
const PERTURBATION = 0.01;

export const zen: ProxySpec = {
	description: "How far the features move with the input, undoing what batch norm scales away.",
	formula:
		"ln mean_n Σ |f(x) − f(x + αε)| + Σ_BN ln √(mean_c σ²_c), f the features before global pooling, σ² the batch variances at x; x, ε and the weights standard normal, α = 0.01; batch norms that see no variance are left out",
	source: "Lin et al. 2021, Zen-NAS, as in the published code (L1 norm)",
	direction: "higher",
	unit: "nats",
	needsData: false,
	needsGradient: false,
	cost: "forward",
	batchNorm: "train",
	passes: [],
	async compute({ subject: { parameters, ...rest }, seed, batch }) {
		const random = createRandom(seed).fork("zen");
		const subject = { ...rest, parameters: standardNormal(parameters, random) };
		const { shape } = subject.batch;
		const x = fillNormal(random.fork("x"), new Float32Array(subject.batch.images.length));
		const noise = fillNormal(random.fork("noise"), new Float32Array(x.length));
		const at = await featuresOf(subject, f32(x, shape));
		const near = await featuresOf(
			subject,
			f32(
				x.map((v, i) => v + PERTURBATION * noise[i]!),
				shape,
			),
		);
		let moved = 0;
		for (let i = 0; i < at.features.length; i++) moved += Math.abs(at.features[i]! - near.features[i]!);
		if (moved === 0) return failure("NO_PATH", "The features do not depend on the images.");
		return finite(Math.log(moved / batch) + at.logScale);
	},
};

/** Standard normal weights, each tensor from the stream of its name, and biases of zero. */
function standardNormal(parameters: Subject["parameters"], random: Random): Subject["parameters"] {
	return new Map(
		[...parameters].map(([name, { length }]) => {
			const values = new Float32Array(length);
			return [name, name.endsWith(".weight") ? fillNormal(random.fork(name), values) : values];
		}),
	);
}

/** Features before global pooling, and Σ_BN ln √(mean variance). */
async function featuresOf(subject: Subject, images: TensorValue) {
	let logScale = 0;
	const value = await runPass(subject, {
		direction: "forward",
		start: images,
		compile: written(subject, "zen", (section) => zenOutputs(section, images.shape[0]!)),
		feeds: (_, x) => ({ [PORT.x]: x }),
		read: (section, outputs) => {
			for (const { name } of section.layers) {
				const variance = Number(outputs[varianceOf(name)]?.data[0] ?? 0);
				if (variance > 0) logScale += Math.log(variance) / 2;
			}
			return outputs[PORT.y]!;
		},
	});
	return { features: value.data as Float32Array, logScale };
}

const varianceOf = (layer: string) => `variance/${layer}`;

function zenOutputs(section: DetachedSection, batch: number): Record<string, Tensor> {
	const { values, y } = expressSection(section, batch);
	const variances = section.layers.flatMap(({ kind, name, inputs }) =>
		kind === "batch_norm" ? [[varianceOf(name), meanVariance(values.get(inputs[0]!)!)]] : [],
	);
	const features = section.kind === "head" ? values.get(lastFeatures(section))! : y;
	return { [PORT.y]: features, ...Object.fromEntries(variances) };
}

/** Mean over the channels of the variance over images and positions. */
function meanVariance(x: Tensor): Tensor {
	const centred = sub(x, reduceMean(x, [0, 2, 3], true));
	return reduceMean(mul(centred, centred));
}
