import { blockJacobians } from "../passes/block-jacobians.js";
import { failure, finite, type ProxySpec } from "../proxy.js";

export const azTrainability: ProxySpec = {
	description: "How near every block comes to keeping the size of gradients.",
	formula:
		"mean_b (−σ_b − 1/σ_b), σ_b the largest singular value of block b's Jacobian between channels, estimated as the mean of h gᵀ over images and positions: g random signs, h what the block's backward pass makes of them; the blocks of az_expressivity but the stem",
	source: "Lee & Ham 2024, AZ-NAS, on the images of the request",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "backward",
	batchNorm: "train",
	passes: [],
	async compute(evidence) {
		const blocks = await blockJacobians(evidence);
		if (blocks.some(({ identity }) => identity))
			return failure("IDENTITY_BLOCK", "A block passes its input on unchanged: it has nothing to train.");
		if (blocks.some(({ norm }) => norm === 0))
			return failure("NO_PATH", "No gradient passes through some block.");
		return finite(blocks.reduce((total, { norm }) => total - norm - 1 / norm, 0) / blocks.length);
	},
};
