import type { ProxySpec } from "../proxy.js";
import { codeScore } from "./naswot.js";

export const naswotRelu: ProxySpec = {
	description: "How well the active ReLUs tell the images apart.",
	formula: "ln |det Σ K| over all ReLUs, K_ij = N − Hamming distance of the sign codes of their inputs",
	source: "Mellor et al. 2021, the variant of most published correlations",
	direction: "higher",
	unit: "nats",
	needsData: true,
	needsGradient: false,
	cost: "forward",
	batchNorm: "train",
	passes: ["relu_codes"],
	compute: async (evidence) => codeScore((await evidence.reluCodes()).kernel, evidence.batch),
};
