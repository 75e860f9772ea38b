import { symmetricEigenvalues } from "../eigenvalues.js";
import { channelCorrelations } from "../passes/channel-correlations.js";
import { finite, type ProxySpec } from "../proxy.js";

export const meco: ProxySpec = {
	description: "How far the channels of every convolution are from depending on each other, on one image.",
	formula:
		"Σ_l λ_min(P_l), P_l the Pearson correlations of the output channels of convolution l over the positions of the first image; 0 where there are no fewer channels than positions",
	source: "Jiang et al. 2023, MeCo",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: false,
	cost: "forward",
	batchNorm: "train",
	passes: [],
	async compute({ subject }) {
		let total = 0;
		await channelCorrelations(subject, (matrix, channels) => {
			// no correlation matrix has an eigenvalue below zero but by rounding
			total += Math.max(0, Math.min(...symmetricEigenvalues(matrix, channels)));
		});
		return finite(total);
	},
};
