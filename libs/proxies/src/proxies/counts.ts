import { finite, type ProxySpec } from "../proxy.js";

/** Of proxies that are read off the layers. */
export const COUNT = {
	direction: "neutral",
	needsData: false,
	needsGradient: false,
	cost: "count",
	batchNorm: "none",
	passes: [],
} as const;

export const parameters: ProxySpec = {
	...COUNT,
	description: "Number of trainable parameters.",
	formula: "Σ_l weights and biases of convolutions and linear layers + 2C of each batch norm with affine",
	source: "exact count; the baseline of every claim",
	unit: "parameters",
	compute: ({ counts }) => finite(counts.parameterCount),
};

export const macCount: ProxySpec = {
	...COUNT,
	description: "Multiply-accumulates of convolutions and linear layers for one image.",
	formula: "Σ_l H·W·C_out·C_in/groups·k²",
	source: "exact count; what most papers on mobile networks call FLOPs",
	unit: "multiply-accumulates",
	compute: ({ counts }) => finite(counts.macCount),
};

export const flopCount: ProxySpec = {
	...COUNT,
	description: "Floating-point operations of all layers for one image.",
	formula: "2 × (convolutions and linear layers with bias + batch norm + ReLU + pooling)",
	source: "Xiang et al. 2024",
	unit: "operations",
	compute: ({ counts }) => finite(counts.flopCount),
};
