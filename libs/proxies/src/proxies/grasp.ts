import { hessianGradientProduct } from "../passes/hessian-product.js";
import { weightGradients } from "../passes/weight-gradients.js";
import { finite, type ProxySpec } from "../proxy.js";

export const grasp: ProxySpec = {
	description: "How much removing weights would weaken the gradient.",
	formula: "Σ_l Σ −w ⊙ (H g), g = ∂L/∂w of all weights, H the Hessian of the mean cross-entropy",
	source: "Wang et al. 2020; as a proxy Abdelfattah et al. 2021",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "several",
	batchNorm: "train",
	passes: [],
	async compute(evidence) {
		const { subject } = evidence;
		const forward = await evidence.forward("train");
		const gradients = await weightGradients(subject, forward);
		const products = await hessianGradientProduct(subject, forward, gradients);
		let total = 0;
		for (const [layer, product] of products) {
			const weight = subject.parameters.get(`${layer}.weight`)!;
			for (let i = 0; i < weight.length; i++) total -= weight[i]! * product[i]!;
		}
		return finite(total);
	},
};
