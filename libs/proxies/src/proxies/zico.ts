import { forwardPass } from "../network-passes.js";
import { weightGradients } from "../passes/weight-gradients.js";
import { failure, finite, type ProxySpec } from "../proxy.js";
import { sliceBatch } from "../slice-batch.js";
import type { Subject } from "../subject.js";

/** Fewest images of a minibatch: batch statistics of a single image say nothing. */
const FEWEST = 2;

export const zico: ProxySpec = {
	description: "How well two minibatches, the halves of the images, agree about the gradient of each weight.",
	formula:
		"Σ_l ln Σ_w mean(|g_w|) / std(g_w) over the two minibatches, std with n in the denominator; weights with std 0 and layers without any other are left out",
	source: "Li et al. 2023, as in the published code (std of the signed gradient)",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "several",
	batchNorm: "train",
	passes: [],
	async compute({ subject, batch }) {
		if (batch < 2 * FEWEST) return failure("TOO_FEW_IMAGES", `needs ${2 * FEWEST} images, got ${batch}.`);
		const middle = Math.floor(batch / 2);
		const first = await gradientsOf(subject, 0, middle);
		const second = await gradientsOf(subject, middle, batch);
		let total = 0;
		for (const [layer, { data }] of first) {
			const ratios = agreement(data as Float32Array, second.get(layer)!.data as Float32Array);
			if (ratios > 0) total += Math.log(ratios);
		}
		return finite(total);
	},
};

async function gradientsOf(whole: Subject, start: number, end: number) {
	const subject = { ...whole, batch: sliceBatch(whole.batch, start, end) };
	return (await weightGradients(subject, await forwardPass(subject, "train"))).weights;
}

/** Σ_w mean(|g|) / std(g) of two gradients: (|a| + |b|) / |a − b|. */
function agreement(a: Float32Array, b: Float32Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) {
		const difference = Math.abs(a[i]! - b[i]!);
		if (difference > 0) sum += (Math.abs(a[i]!) + Math.abs(b[i]!)) / difference;
	}
	return sum;
}
