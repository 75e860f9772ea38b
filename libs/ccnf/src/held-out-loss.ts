import { throwIfAborted } from "@archgen/errors";
import type { Random } from "@archgen/random";
import type { CcnfModel } from "./ccnf-model.js";
import { checkFlowData, type FlowData } from "./flow-data.js";
import { flowMatchingBatch } from "./flow-matching.js";
import { normalize } from "./moving-batch-norm.js";

export interface HeldOutOptions {
	readonly random: Random;
	/** Rows of a batch, default 256. */
	readonly rows?: number;
	/** Batches averaged, default 8. */
	readonly batches?: number;
	readonly signal?: AbortSignal;
}

/**
 * The flow-matching loss on latents that were never trained on: compare with the training loss to see overfitting. With a
 * stream of the same seed every call uses the same rows, noise and times.
 */
export async function heldOutFlowMatchingLoss(
	model: CcnfModel,
	data: FlowData,
	{ random, rows = 256, batches = 8, signal }: HeldOutOptions,
): Promise<number> {
	const { size, latentNorm } = model.description;
	checkFlowData(data, size);
	const normalized = { ...data, latents: normalize(latentNorm, data.latents) };
	let sum = 0;
	for (let i = 0; i < batches; i++) {
		throwIfAborted(signal);
		const batch = flowMatchingBatch(normalized, size, rows, random);
		const [noise, latent, t, z] = ["noise", "latent", "t", "z"].map(
			(name) => batch[name]!.data as Float32Array,
		);
		const state = noise!.map((x0, k) => {
			const time = t![Math.floor(k / size.dimension)]!;
			return (1 - time) * x0 + time * latent![k]!;
		});
		const velocity = await model.velocity(state, t!, z!, signal);
		sum +=
			velocity.reduce((total, v, k) => total + (v - (latent![k]! - noise![k]!)) ** 2, 0) / velocity.length;
	}
	return sum / batches;
}
