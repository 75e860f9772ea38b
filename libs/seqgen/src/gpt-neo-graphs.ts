import {
	buildModel,
	cast,
	constant,
	crossEntropyPerItem,
	cumulativeSum,
	div,
	input,
	mul,
	ParameterScope,
	type ParameterSpec,
	readFloatConstants,
	reduceSum,
	scalar,
	sub,
	type Tensor,
} from "@archgen/tensor-graph";
import { attentionMasks, type KeyValue } from "./attention.js";
import { gptNeo } from "./gpt-neo.js";
import { assertGptNeoConfig, type GptNeoConfig } from "./gpt-neo-config.js";

/** The training form: static shapes, whole sequences, no cache. */
export interface TrainingGraph {
	/** Σ w · cross-entropy / Σ w over all tokens, in nats. Inputs `tokens`, `labels` (int64) and `weights` [batch, length]. */
	readonly loss: Tensor;
	/** [batch, length, vocabulary] */
	readonly logits: Tensor;
	readonly parameters: ParameterScope;
}

/** The model over `batch` sequences of `length` tokens; a token's label is the one that follows it. */
export function trainingGraph(config: GptNeoConfig, batch: number, length: number): TrainingGraph {
	assertGptNeoConfig(config);
	const tokens = input("tokens", [batch, length], "int64");
	const labels = input("labels", [batch, length], "int64");
	const weights = input("weights", [batch, length]);
	const range = Array.from({ length }, (_, position) => position);
	const places = constant(range, [1, length]);
	const everything = constant(
		range.map(() => 1),
		[1, length],
	);
	const parameters = new ParameterScope();
	const { logits } = gptNeo(parameters, config, {
		tokens,
		positions: constant(range, [1, length], "int64"),
		masks: attentionMasks(places, places, everything, config.window),
	});
	const losses = crossEntropyPerItem(logits, labels);
	return { loss: div(reduceSum(mul(losses, weights)), reduceSum(weights)), logits, parameters };
}

/** Parameters of a model of this size, in order of definition. */
export function gptNeoParameters(config: GptNeoConfig): readonly ParameterSpec[] {
	return trainingGraph(config, 1, 1).parameters.specs();
}

const BATCH = "batch_size";
const TOKENS = "sequence_length";
const PAST = "past_sequence_length";
const TOTAL = `${PAST}+${TOKENS}`;

function pastOf({ heads, hidden }: GptNeoConfig, layer: number): KeyValue {
	const shape = [BATCH, heads, PAST, hidden / heads];
	return {
		key: input(`past_key_values.${layer}.key`, shape),
		value: input(`past_key_values.${layer}.value`, shape),
	};
}

/**
 * The served form, with the inputs and outputs that transformers feed to a decoder with a key-value cache: `input_ids`
 * and `position_ids` [batch, tokens], `attention_mask` [batch, past + tokens] (all int64), `past_key_values.N.key` and
 * `.value` [batch, heads, past, hidden / heads] → `logits` [batch, tokens, vocabulary], `present.N.key` and `.value`.
 *
 * @param values trained parameters by name
 */
export function servedModel(config: GptNeoConfig, values: ReadonlyMap<string, Float32Array>): Uint8Array {
	assertGptNeoConfig(config);
	const tokens = input("input_ids", [BATCH, TOKENS], "int64");
	const attentionMask = input("attention_mask", [BATCH, TOTAL], "int64");
	const positions = input("position_ids", [BATCH, TOKENS], "int64");
	const past = Array.from({ length: config.layers }, (_, layer) => pastOf(config, layer));
	const real = cast(attentionMask, "float32");
	// Positions count the real tokens only, so padding on the left does not shift a sequence.
	const keys = sub(cumulativeSum(real, 1), scalar(1));
	const masks = attentionMasks(cast(positions, "float32"), keys, real, config.window);
	const scope = new ParameterScope();
	const { logits, present } = gptNeo(scope, config, { tokens, positions, masks, past });
	const outputs: Record<string, Tensor> = { logits };
	present.forEach(({ key, value }, layer) => {
		outputs[`present.${layer}.key`] = key;
		outputs[`present.${layer}.value`] = value;
	});
	const constants = new Map(
		scope.specs().map(({ name, shape }) => [name, { data: values.get(name)!, shape }]),
	);
	const cache = past.flatMap(({ key, value }) => [key, value]);
	return buildModel({
		name: "gpt_neo",
		inputs: [tokens, attentionMask, positions, ...cache],
		outputs,
		constants,
	});
}

/** The weights in a file of `servedModel`, by Hugging Face's names. @throws RangeError when one of them is missing */
export function servedWeights(config: GptNeoConfig, file: Uint8Array): Map<string, Float32Array> {
	const constants = readFloatConstants(file);
	return new Map(
		gptNeoParameters(config).map(({ name }) => {
			const weights = constants.get(name);
			if (weights === undefined) throw new RangeError(`the model holds no weights "${name}"`);
			return [name, weights];
		}),
	);
}
