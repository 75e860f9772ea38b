import { valueElements } from "@archgen/search-space";
import { f32, i64, type TensorValue, type TensorValues } from "@archgen/tensor-graph";
import { backwardInShares, imagesPerShare } from "./image-shares.js";
import type { BatchNormMode } from "./layer-expressions.js";
import { isHomogeneous, isWeighted } from "./layer-expressions.js";
import { plainRun, runPass } from "./passes/run-pass.js";
import { type SaliencySums, saliencySums, scaledSums } from "./saliency.js";
import { rescale, type Scaled, trueSize } from "./scaled.js";
import type { DetachedSection } from "./section.js";
import { gradientOf, gramOf, PORT } from "./section-ports.js";
import { addKernel, codeKernel, layerLogDeterminant } from "./sign-codes.js";
import type { Subject } from "./subject.js";

/** Inputs of every section and the result of the last one. */
export interface ForwardResult {
	readonly inputs: readonly Scaled[];
	readonly logits: TensorValue;
	/** Of a pass in train mode: what a backward pass need not find again, section by section. */
	readonly statistics?: readonly TensorValues[];
}

export interface CodesResult extends ForwardResult {
	/** Σ_l K_l, batch × batch. */
	readonly kernel: Float64Array;
	/** ln |det K_l| of every convolution and linear layer by its name in the network. */
	readonly logDeterminants: ReadonlyMap<string, number>;
}

export interface BackwardResult {
	/** Mean cross-entropy of the batch. */
	readonly loss: number;
	/** By layer name in the network. */
	readonly saliencies: ReadonlyMap<string, SaliencySums>;
}

/**
 * One forward pass that also compares the images' sign codes layer by layer; in train mode it keeps the statistics for the
 * backward pass, too.
 *
 * @param bnMode default "eval"
 */
export async function codesPass(subject: Subject, bnMode: BatchNormMode = "eval"): Promise<CodesResult> {
	const size = subject.batch.shape[0];
	const kernel = new Float64Array(size * size);
	const logDeterminants = new Map<string, number>();
	const statistics: TensorValues[] = [];
	const forward = await runForward(subject, "codes", bnMode, (section, outputs) => {
		statistics.push(statisticsIn(section, outputs));
		for (const layer of section.layers.filter(isWeighted)) {
			const gram = outputs[gramOf(layer.name)]!.data as Float32Array;
			const layerKernel = codeKernel(gram, size, valueElements(section.values[layer.output]!));
			addKernel(kernel, layerKernel);
			logDeterminants.set(section.prefix + layer.name, layerLogDeterminant(layerKernel, size));
		}
	});
	return { ...forward, ...(bnMode === "train" && { statistics }), kernel, logDeterminants };
}

/** One forward pass that keeps for the backward pass the inputs of all sections and, in train mode, the statistics of their BN. */
export async function forwardPass(subject: Subject, bnMode: BatchNormMode): Promise<ForwardResult> {
	const statistics: TensorValues[] = [];
	const forward = await runForward(subject, "forward", bnMode, (section, outputs) => {
		statistics.push(statisticsIn(section, outputs));
	});
	return bnMode === "train" ? { ...forward, statistics } : forward;
}

/** The outputs of a section that are neither activations nor code products. */
function statisticsIn({ layers }: DetachedSection, outputs: TensorValues): TensorValues {
	const others = new Set([PORT.y, ...layers.map(({ name }) => gramOf(name))]);
	return Object.fromEntries(Object.entries(outputs).filter(([name]) => !others.has(name)));
}

async function runForward(
	subject: Subject,
	pass: "codes" | "forward",
	bnMode: BatchNormMode,
	visit: (section: DetachedSection, outputs: TensorValues) => void,
): Promise<ForwardResult> {
	const { batch, cache } = subject;
	const inputs: Scaled[] = [];
	const images: Scaled = { value: f32(batch.images, batch.shape), exponent: 0 };
	const last = await runPass<Scaled>(subject, {
		direction: "forward",
		start: images,
		compile: async (section) => plainRun(await cache.get(section, batch.shape[0], pass, bnMode)),
		feeds: (section, current, i) => {
			// The images are the caller's, everything after them our own.
			const x = i === 0 ? current : sectionInput(section, current);
			inputs.push(x);
			return feedsOf(section, x);
		},
		read: (section, outputs, _, i) => {
			visit(section, outputs);
			return { value: outputs[PORT.y]!, exponent: inputs[i]!.exponent };
		},
	});
	return { inputs, logits: last.value };
}

/** A section with a layer that is not homogeneous gets its input at true size. The head rescales its logits. */
function sectionInput(section: DetachedSection, current: Scaled): Scaled {
	return section.layers.every(isHomogeneous) ? rescale(current) : trueSize(current);
}

function feedsOf(section: DetachedSection, x: Scaled): TensorValues {
	return { [PORT.x]: x.value, ...(section.kind === "head" && { [PORT.scale]: f32([2 ** -x.exponent], []) }) };
}

/** Gradients of the mean cross-entropy, section by section from the head back to the stem. */
export async function backwardPass(
	subject: Subject,
	{ inputs, statistics }: ForwardResult,
	bnMode: BatchNormMode,
): Promise<BackwardResult> {
	const { parameters, batch, cache } = subject;
	const size = batch.shape[0];
	const found = new Map<string, SaliencySums>();
	let loss = Number.NaN;
	await runPass<Scaled | undefined>(subject, {
		direction: "backward",
		start: undefined,
		compile: async (section, i) => {
			// Batch statistics and the mean of the losses need all images.
			const independent = bnMode === "eval" && section.kind !== "head";
			const images = independent ? imagesPerShare(section, size) : size;
			const model = await cache.get(section, images, "backward", statistics ? "known" : bnMode);
			return (perImage, weights) => {
				const shared = { ...weights, ...statistics?.[i] };
				return images === size
					? model.run({ ...perImage, ...shared })
					: backwardInShares(model, images, perImage, shared);
			};
		},
		feeds: (section, upstream, i) => ({
			...feedsOf(section, inputs[i]!),
			...(upstream === undefined
				? { [PORT.labels]: i64(batch.labels, [size]) }
				: { [PORT.dy]: upstream.value }),
		}),
		read: (section, outputs, upstream, i) => {
			const exponent = upstream?.exponent ?? 0;
			for (const layer of section.layers.filter(isWeighted)) {
				const gradient = outputs[gradientOf(`${layer.name}.weight`)]!.data as Float32Array;
				const weight = parameters.get(`${section.prefix}${layer.name}.weight`)!;
				const sums = saliencySums(weight, gradient);
				found.set(section.prefix + layer.name, scaledSums(sums, 2 ** -(inputs[i]!.exponent + exponent)));
			}
			if (outputs[PORT.loss]) loss = Number(outputs[PORT.loss]!.data[0]);
			return outputs[PORT.dx] ? rescale({ value: outputs[PORT.dx]!, exponent }) : upstream;
		},
	});
	return { loss, saliencies: new Map([...found].reverse()) };
}
