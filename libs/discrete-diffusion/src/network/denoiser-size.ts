/** Widths of the denoiser. */
export interface DenoiserSize {
	/** Features of a node, a multiple of `heads`. */
	readonly hidden: number;
	/** Features of a pair of nodes. */
	readonly pair: number;
	readonly layers: number;
	/** Attention scores are divided by √(hidden / heads). */
	readonly heads: number;
	/** Width of the nodes' feed-forward layers. */
	readonly feedForward: number;
	/** Width of the pairs' feed-forward layers. */
	readonly pairFeedForward: number;
	/** Features of the embedded condition. */
	readonly condition: number;
	/** Whether the network is told the time; not as published. */
	readonly time: boolean;
}

/** Widths after the published network: 10.2 million parameters over NAS-Bench-201, where 9.7 million are published. */
export const PUBLISHED_DENOISER: DenoiserSize = {
	hidden: 512,
	pair: 128,
	layers: 5,
	heads: 8,
	feedForward: 512,
	pairFeedForward: 128,
	condition: 512,
	time: false,
};

/** A network that trains in minutes on one core and samples in milliseconds. */
export const SMALL_DENOISER: DenoiserSize = {
	hidden: 64,
	pair: 16,
	layers: 3,
	heads: 8,
	feedForward: 128,
	pairFeedForward: 32,
	condition: 32,
	time: true,
};
