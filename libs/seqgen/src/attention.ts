import {
	and,
	concat,
	type Dim,
	greater,
	less,
	linear,
	matMul,
	type ParameterScope,
	reshape,
	scalar,
	softmax,
	sub,
	type Tensor,
	transpose,
	where,
} from "@archgen/tensor-graph";
import type { AttentionKind, GptNeoConfig } from "./gpt-neo-config.js";

/** Keys and values of one layer, each [batch, heads, tokens, hidden / heads]. */
export interface KeyValue {
	readonly key: Tensor;
	readonly value: Tensor;
}

/** Which key each query may see, [batch, 1, queries, keys] of bool, by kind of attention. */
export type AttentionMasks = { readonly [K in AttentionKind]: Tensor };

const NORMAL = { kind: "normal", std: 0.02 } as const;
const ZERO = { kind: "constant", value: 0 } as const;

/** Score of a pair that must not meet; its weight underflows to 0. */
const BLOCKED = -1e9;

/** x Wᵀ (+ b), initialised as GPT-Neo is: weights N(0, 0.02²), bias 0. */
export function projection(scope: ParameterScope, x: Tensor, width: number, bias: boolean): Tensor {
	const weight = scope.parameter("weight", [width, x.shape.at(-1) as number], NORMAL);
	return linear(x, weight, bias ? scope.parameter("bias", [width], ZERO) : undefined);
}

/**
 * The masks of one forward pass. A query at position i sees keys at positions j ≤ i (global) or i − window < j ≤ i
 * (local), where the key is not padding.
 *
 * @param queries positions [batch, queries], float32
 * @param keys positions [batch, keys], float32
 * @param present 1 for real keys and 0 for padding, [batch, keys], float32
 */
export function attentionMasks(
	queries: Tensor,
	keys: Tensor,
	present: Tensor,
	window: number,
): AttentionMasks {
	const [batch, count] = queries.shape as readonly [Dim, Dim];
	const total = keys.shape[1]!;
	const distance = sub(reshape(queries, [batch, 1, count, 1]), reshape(keys, [batch, 1, 1, total]));
	const real = greater(reshape(present, [batch, 1, 1, total]), scalar(0));
	const global = and(greater(distance, scalar(-0.5)), real);
	return { global, local: and(global, less(distance, scalar(window - 0.5))) };
}

/** [batch, tokens, hidden] → [batch, heads, tokens, hidden / heads] */
function splitHeads(x: Tensor, { hidden, heads }: GptNeoConfig): Tensor {
	const [batch, tokens] = x.shape as readonly [Dim, Dim];
	return transpose(reshape(x, [batch, tokens, heads, hidden / heads]), [0, 2, 1, 3]);
}

/**
 * Multi-head self-attention as GPT-Neo has it: scores q·k without the division by √d, queries, keys and values without
 * bias, the output projection with one.
 *
 * @param x [batch, queries, hidden]
 * @param past keys and values of the tokens before x, when they are cached
 * @returns the output [batch, queries, hidden], and the keys and values of past and x together
 */
export function selfAttention(
	scope: ParameterScope,
	config: GptNeoConfig,
	x: Tensor,
	mask: Tensor,
	past?: KeyValue,
): { output: Tensor; present: KeyValue } {
	const heads = (name: string) => splitHeads(projection(scope.scope(name), x, config.hidden, false), config);
	const extend = (before: Tensor | undefined, now: Tensor) => (before ? concat([before, now], 2) : now);
	const query = heads("q_proj");
	const present = { key: extend(past?.key, heads("k_proj")), value: extend(past?.value, heads("v_proj")) };
	const scores = matMul(query, transpose(present.key)); // [batch, heads, queries, keys]
	const weights = softmax(where(mask, scores, scalar(BLOCKED)));
	const mixed = transpose(matMul(weights, present.value), [0, 2, 1, 3]); // [batch, queries, heads, d]
	const merged = reshape(mixed, [x.shape[0]!, x.shape[1]!, config.hidden]);
	return { output: projection(scope.scope("out_proj"), merged, config.hidden, true), present };
}
