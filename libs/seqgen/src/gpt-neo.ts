import {
	add,
	gather,
	geluNew,
	layerNorm,
	linear,
	type ParameterScope,
	type Tensor,
} from "@archgen/tensor-graph";
import { type AttentionMasks, type KeyValue, projection, selfAttention } from "./attention.js";
import { attentionKind, type GptNeoConfig } from "./gpt-neo-config.js";

export interface GptNeoInputs {
	/** Token ids [batch, tokens], int64. */
	readonly tokens: Tensor;
	/** Position of each token [batch, tokens], int64. */
	readonly positions: Tensor;
	readonly masks: AttentionMasks;
	/** Keys and values of earlier tokens, by layer. */
	readonly past?: readonly KeyValue[];
}

export interface GptNeoOutputs {
	/** [batch, tokens, vocabulary] */
	readonly logits: Tensor;
	/** Keys and values of earlier and present tokens, by layer. */
	readonly present: readonly KeyValue[];
}

const ONE = { kind: "constant", value: 1 } as const;
const ZERO = { kind: "constant", value: 0 } as const;
const NORMAL = { kind: "normal", std: 0.02 } as const;

function norm(scope: ParameterScope, x: Tensor): Tensor {
	const width = [x.shape.at(-1) as number];
	return layerNorm(x, scope.parameter("weight", width, ONE), scope.parameter("bias", width, ZERO));
}

/** LayerNorm → attention → add, LayerNorm → a wider GELU network → add. */
function block(
	scope: ParameterScope,
	config: GptNeoConfig,
	x: Tensor,
	mask: Tensor,
	past?: KeyValue,
): { output: Tensor; present: KeyValue } {
	const attention = scope.scope("attn").scope("attention");
	const attended = selfAttention(attention, config, norm(scope.scope("ln_1"), x), mask, past);
	const middle = add(x, attended.output);
	const mlp = scope.scope("mlp");
	const wide = geluNew(
		projection(
			mlp.scope("c_fc"),
			norm(scope.scope("ln_2"), middle),
			config.intermediate ?? 4 * config.hidden,
			true,
		),
	);
	return {
		output: add(middle, projection(mlp.scope("c_proj"), wide, config.hidden, true)),
		present: attended.present,
	};
}

/**
 * GPT-Neo (Black et al. 2021): a decoder-only transformer with alternating global and local attention, learned positions,
 * and an output layer that shares its weights with the token embedding. Parameters have Hugging Face's names, so that a
 * `GPTNeoForCausalLM` checkpoint and this model exchange weights by name.
 */
export function gptNeo(scope: ParameterScope, config: GptNeoConfig, inputs: GptNeoInputs): GptNeoOutputs {
	const model = scope.scope("transformer");
	const words = model.parameter("wte.weight", [config.vocabularySize, config.hidden], NORMAL);
	const places = model.parameter("wpe.weight", [config.maxPositions, config.hidden], NORMAL);
	let x = add(gather(words, inputs.tokens), gather(places, inputs.positions)); // [batch, tokens, hidden]
	const present: KeyValue[] = [];
	for (let layer = 0; layer < config.layers; layer++) {
		const mask = inputs.masks[attentionKind(layer)];
		const next = block(model.scope(`h.${layer}`), config, x, mask, inputs.past?.[layer]);
		x = next.output;
		present.push(next.present);
	}
	return { logits: linear(norm(model.scope("ln_f"), x), words), present };
}
