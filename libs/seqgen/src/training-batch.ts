import type { Condition } from "@archgen/design";
import type { Random } from "@archgen/random";
import { f32, i64, type TensorValue } from "@archgen/tensor-graph";
import { encode } from "./codec.js";
import { CONDITION_FIELDS } from "./condition.js";
import type { SequenceExample } from "./examples.js";
import type { Vocabulary } from "./vocabulary.js";

/** Inputs of the training graph. */
export type TrainingBatch = Readonly<Record<"tokens" | "labels" | "weights", TensorValue>>;

/** Drops each field with a probability, so that the model learns to answer any subset of conditions. */
export function dropConditions(condition: Condition, probability: number, random: Random): Condition {
	const kept = CONDITION_FIELDS.filter(() => random.uniform() >= probability);
	return Object.fromEntries(kept.map((field) => [field, condition[field]]));
}

/** Length of the longest example in tokens. */
export function longestExample(vocabulary: Vocabulary, examples: readonly SequenceExample[]): number {
	return Math.max(...examples.map(({ sequence }) => encode(vocabulary, {}, sequence).length));
}

/** Draws examples with replacement, each with probability in proportion to its weight. */
export function weightedDraw(
	examples: readonly SequenceExample[],
	count: number,
	random: Random,
): SequenceExample[] {
	const ends: number[] = [];
	let total = 0;
	for (const { weight } of examples) {
		total += weight;
		ends.push(total);
	}
	return Array.from({ length: count }, () => {
		const at = random.uniform() * total;
		return examples[Math.min(lowerBound(ends, at), examples.length - 1)]!;
	});
}

/** Index of the first end beyond `at`. */
function lowerBound(ends: readonly number[], at: number): number {
	let [low, high] = [0, ends.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (ends[middle]! > at) high = middle;
		else low = middle + 1;
	}
	return low;
}

/**
 * The batch of these examples, padded to `length` and with empty rows up to `rows`. Only the tokens after the prompt
 * are learnt: a label has weight 1 from the first cluster to `<eos>`, and 0 in prompt and padding.
 */
export function trainingBatch(
	vocabulary: Vocabulary,
	examples: readonly SequenceExample[],
	{ rows, length }: { readonly rows: number; readonly length: number },
): TrainingBatch {
	const tokens = new BigInt64Array(rows * length).fill(BigInt(vocabulary.find("pad").id));
	const labels = tokens.slice();
	const weights = new Float32Array(rows * length);
	examples.forEach(({ condition, sequence }, row) => {
		encode(vocabulary, condition, sequence).forEach((id, position) => {
			const at = row * length + position;
			tokens[at] = BigInt(id);
			if (position === 0) return;
			labels[at - 1] = BigInt(id);
			weights[at - 1] = position >= vocabulary.promptLength ? 1 : 0;
		});
	});
	const shape = [rows, length];
	return { tokens: i64(tokens, shape), labels: i64(labels, shape), weights: f32(weights, shape) };
}
