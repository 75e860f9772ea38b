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

/** Learning rate at a step counted from 0. */
export function learningRateAt(
	step: number,
	peak: number,
	schedule: Schedule = { kind: "constant" },
): number {
	if (schedule.kind === "constant") return peak;
	const warmup = schedule.warmupSteps ?? 0;
	if (step < warmup) return ((step + 1) * peak) / warmup;
	const progress = Math.min(1, (step - warmup) / Math.max(1, schedule.totalSteps - warmup));
	return (peak / 2) * (1 + Math.cos(Math.PI * progress));
}

/** min(1, maximum / norm): what gradients of this global norm are multiplied by; 1 without a maximum. */
function clipFactor(norm: number, maximum: number | undefined): number {
	return maximum === undefined ? 1 : Math.min(1, maximum / (norm + 1e-6));
}

/** The numbers of one AdamW step that all elements share. */
export type AdamwScalars = Readonly<Record<"b1" | "g1" | "b2" | "g2" | "kept" | "size" | "epsilon", number>>;

/**
 * @param step completed steps before this one
 * @param norm 2-norm of all gradients together
 */
export function adamwScalars(step: number, norm: number, options: OptimizerOptions): AdamwScalars {
	const { learningRate, weightDecay = 0, betas = [0.9, 0.999], epsilon = 1e-8, schedule } = options;
	const factor = clipFactor(norm, options.clipNorm);
	const [b1, b2] = betas;
	const rate = learningRateAt(step, learningRate, schedule);
	const spread = Math.sqrt(1 - b2 ** (step + 1));
	return {
		b1,
		g1: factor * (1 - b1),
		b2,
		g2: factor * Math.sqrt(1 - b2),
		kept: 1 - rate * weightDecay,
		size: (rate * spread) / (1 - b1 ** (step + 1)),
		epsilon: spread * epsilon,
	};
}
