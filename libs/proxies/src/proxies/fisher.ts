import { mul, reduceSum } from "@archgen/tensor-graph";
import type { Evidence } from "../evidence.js";
import { sweepBack } from "../passes/sweep.js";
import { finite, type ProxySpec } from "../proxy.js";

export const fisher: ProxySpec = {
	description: "How much the loss hangs on whole channels.",
	formula:
		"Σ_l Σ_c ½ mean_n (Σ_hw a_nchw · ∂L/∂a_nchw)², a the output of convolution or linear layer l, L the mean cross-entropy",
	source: "Theis et al. 2018, Turner et al. 2020; as a proxy Abdelfattah et al. 2021",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "backward",
	batchNorm: "train",
	passes: [],
	async compute(evidence) {
		let total = 0;
		for (const products of await channelProducts(evidence)) {
			let squares = 0;
			for (const product of products) squares += product * product;
			total += squares / (2 * evidence.batch);
		}
		return finite(total);
	},
};

/** Σ_hw a · ∂L/∂a of each layer, [batch, channels]. */
async function channelProducts(evidence: Evidence): Promise<Float32Array[]> {
	const { inputs } = await evidence.forward("train");
	const found: Float32Array[] = [];
	await sweepBack(
		evidence.subject,
		inputs,
		{
			name: "fisher",
			of: "loss",
			by: ({ weighted }) => weighted,
			outputs: ({ weighted }, gradients) =>
				new Map(
					[...gradients].map(([name, gradient]) => {
						const product = mul(weighted.get(name)!, gradient);
						return [name, product.rank === 4 ? reduceSum(product, [2, 3]) : product];
					}),
				),
		},
		({ layers }, outputs) => {
			for (const { name } of layers) if (outputs[name]) found.push(outputs[name].data as Float32Array);
		},
	);
	return found;
}
