import { logDeterminant } from "../log-determinant.js";
import { failure, finite, type ProxyResult, type ProxySpec } from "../proxy.js";

/** ln |det K| of a code kernel, or why there is none. */
export function codeScore(kernel: Float64Array, batch: number): ProxyResult {
	const determinant = logDeterminant(Float64Array.from(kernel), batch);
	if (determinant !== null) return finite(determinant);
	return failure(
		"SINGULAR_KERNEL",
		"The code kernel is singular: two images have the same codes in every layer.",
	);
}

export const naswot: ProxySpec = {
	description: "How well the signs of all layer outputs tell the images apart.",
	formula:
		"ln |det Σ_l K_l|, K_l,ij = N_l − Hamming distance of the output sign codes of images i and j at layer l",
	source: "Xiang et al. 2024, after Mellor et al. 2021",
	direction: "higher",
	unit: "nats",
	needsData: true,
	needsGradient: false,
	cost: "forward",
	batchNorm: "eval",
	passes: ["codes"],
	compute: async (evidence) => codeScore((await evidence.codes()).kernel, evidence.batch),
};
