import { constant, f32, matMul, reshape, step, type Tensor, type TensorValue } from "@archgen/tensor-graph";
import { PatternSet } from "../pattern-set.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import type { Subject } from "../subject.js";
import { runPass, written } from "./run-pass.js";
import { expressSection } from "./section-expression.js";

/** Bits of a word: float32 adds them up exactly. */
const BITS = 24;

/**
 * Number of distinct patterns among all ReLU units of a network: the pattern of a unit says for which images of the minibatch its
 * input is positive. BN in train mode.
 */
export async function distinctPatterns(subject: Subject): Promise<number> {
	const { batch } = subject;
	const size = batch.shape[0];
	const patterns = new PatternSet(Math.ceil(size / BITS));
	await runPass<TensorValue>(subject, {
		direction: "forward",
		start: f32(batch.images, batch.shape),
		compile: written(subject, "patterns", (section) => patternOutputs(section, size)),
		feeds: (_, value) => ({ [PORT.x]: value }),
		read: (section, outputs) => {
			for (const id of reluInputs(section)) {
				const words = Int32Array.from(outputs[wordsOf(id)]!.data as Float32Array);
				const [, units] = outputs[wordsOf(id)]!.shape as readonly [number, number];
				for (let unit = 0; unit < units; unit++) patterns.add(words, unit, units);
			}
			return outputs[PORT.y]!;
		},
	});
	return patterns.size;
}

/** The values that ReLUs read, each once. */
const reluInputs = ({ layers }: DetachedSection) => [
	...new Set(layers.flatMap((layer) => (layer.kind === "relu" ? [layer.inputs[0]!] : []))),
];
const wordsOf = (value: number) => `words/${value}`;

function patternOutputs(section: DetachedSection, batch: number): Record<string, Tensor> {
	const { values, y } = expressSection(section, batch);
	const packed = reluInputs(section).map((id) => [wordsOf(id), pack(values.get(id)!)]);
	return { [PORT.y]: y, ...Object.fromEntries(packed) };
}

/** The signs of y [batch, …] as words [⌈batch / 24⌉, units]: bit i of word w says whether image 24w + i is positive. */
function pack(y: Tensor): Tensor {
	const [batch, ...rest] = y.shape as [number, ...number[]];
	const words = Math.ceil(batch / BITS);
	const weights = new Float32Array(words * batch);
	for (let i = 0; i < batch; i++) weights[Math.floor(i / BITS) * batch + i] = 2 ** (i % BITS);
	const codes = reshape(step(y), [batch, rest.reduce((a, b) => a * b, 1)]);
	return matMul(constant(weights, [words, batch]), codes);
}
