import {
	add,
	cos,
	div,
	exp,
	less,
	minimum,
	mul,
	reduceSum,
	scalar,
	sqrt,
	sub,
	where,
} from "../operators/index.js";
import type { Tensor } from "../tensor.js";

export type Schedule =
	| { readonly kind: "constant" }
	/** Linear warm-up (default none), then half a cosine down to 0 at `totalSteps`. */
	| { readonly kind: "cosine"; readonly totalSteps: number; readonly warmupSteps?: number };

export interface OptimizerOptions {
	/** Largest learning rate of the schedule. */
	readonly learningRate: number;
	/** Decoupled weight decay (Loshchilov & Hutter 2019), default 0: then this is Adam. */
	readonly weightDecay?: number;
	/** Decay rates of the two moments, default 0.9 and 0.999. */
	readonly betas?: readonly [number, number];
	/** Default 1e-8. */
	readonly epsilon?: number;
	/** Gradients are scaled down to this global 2-norm; no clipping unless given. */
	readonly clipNorm?: number;
	/** Default constant. */
	readonly schedule?: Schedule;
}

export interface Moments {
	readonly first: Tensor;
	readonly second: Tensor;
}

/** Learning rate at a step counted from 0 (a float tensor). */
export function learningRateAt(
	step: Tensor,
	peak: number,
	schedule: Schedule = { kind: "constant" },
): Tensor {
	if (schedule.kind === "constant") return scalar(peak);
	const warmup = schedule.warmupSteps ?? 0;
	const span = Math.max(1, schedule.totalSteps - warmup);
	const progress = minimum(mul(sub(step, scalar(warmup)), scalar(1 / span)), scalar(1));
	const decayed = mul(scalar(peak / 2), add(scalar(1), cos(mul(scalar(Math.PI), progress))));
	if (warmup === 0) return decayed;
	const rising = mul(add(step, scalar(1)), scalar(peak / warmup));
	return where(less(step, scalar(warmup)), rising, decayed);
}

/** √Σ‖g‖² over all gradients. */
export function globalNorm(gradients: readonly Tensor[]): Tensor {
	return sqrt(gradients.map((g) => reduceSum(mul(g, g))).reduce((a, b) => add(a, b)));
}

/** min(1, maximum / norm) of all gradients, a scalar. */
export function clipFactor(gradients: readonly Tensor[], maximum: number): Tensor {
	return minimum(scalar(1), div(scalar(maximum), add(globalNorm(gradients), scalar(1e-6))));
}

/** Scales all gradients by `clipFactor`. */
export function clipByGlobalNorm(gradients: readonly Tensor[], maximum: number): Tensor[] {
	const factor = clipFactor(gradients, maximum);
	return gradients.map((g) => mul(g, factor));
}

/**
 * One AdamW step of one parameter: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * θ ← θ − η(m̂ / (√v̂ + ε) + λθ), with m̂ = m / c₁, v̂ = v / c₂, c = 1 − βⁿ, corrected for their start at 0.
 *
 * Every operation on a whole parameter is a pass over memory, so scalars are multiplied with each other first; the step is
 * taken as (1 − ηλ)θ − (η√c₂ / c₁) · m / (√v + ε√c₂).
 *
 * @param step completed steps before this one, a float tensor
 * @param factor the gradient counts times this scalar, e.g. `clipFactor`; default 1
 * @returns the next parameter and moments
 */
export function adamwUpdate(
	parameter: Tensor,
	gradient: Tensor,
	moments: Moments,
	step: Tensor,
	{ learningRate, weightDecay = 0, betas = [0.9, 0.999], epsilon = 1e-8, schedule }: OptimizerOptions,
	factor: Tensor = scalar(1),
): { parameter: Tensor } & Moments {
	const [b1, b2] = betas;
	const count = add(step, scalar(1));
	const correction = (beta: number) => sub(scalar(1), exp(mul(count, scalar(Math.log(beta)))));
	const first = add(mul(moments.first, scalar(b1)), mul(gradient, mul(factor, scalar(1 - b1))));
	const root = mul(gradient, mul(factor, scalar(Math.sqrt(1 - b2))));
	const second = add(mul(moments.second, scalar(b2)), mul(root, root));
	const rate = learningRateAt(step, learningRate, schedule);
	const spread = sqrt(correction(b2));
	const direction = div(first, add(sqrt(second), mul(spread, scalar(epsilon))));
	const kept = mul(parameter, sub(scalar(1), mul(rate, scalar(weightDecay))));
	const size = div(mul(rate, spread), correction(b1));
	return { parameter: sub(kept, mul(direction, size)), first, second };
}
