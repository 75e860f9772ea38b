/** How the network's output becomes the score s(x, σ). */
export type Parameterization =
	/** The output is the score, as published. Its size varies from 1/σmax to 1/σmin. */
	| "score"
	/** The output divided by σ is the score, and the input is divided by √(1 + σ²): both are of size 1 at every noise level. */
	| "noise"
	/**
	 * The output F gives the estimate of the data x/(1 + σ²) + σ F/√(1 + σ²), and the loss is weighted by 1 + σ²: errors of the estimate then count alike at
	 * all noise levels (Karras et al. 2022, with data of variance 1). Conditions are learnt at the levels where architectures are decided on, in a third of
	 * the steps.
	 */
	| "estimate";

/** See `ScoreNetworkSize.attention`. */
export type Attention = "successors" | "neighbours";

/** Widths of the score network. */
export interface ScoreNetworkSize {
	/** Width of a node's features, default 64; a multiple of `heads`. */
	readonly hidden: number;
	/** Attention heads, default 8. */
	readonly heads: number;
	/** Width of the feed-forward layers, default 128. */
	readonly feedForward: number;
	/** Attention blocks, default 12. */
	readonly blocks: number;
	/** Width of the two last hidden layers, default 1536. */
	readonly output: number;
	/** Width of the hidden layer of the noise level's embedding, default 256. */
	readonly time: number;
	/** Whether nodes are told their position, default true; "scaled" multiplies it by √hidden as the operation is, so that it weighs as much. */
	readonly positions: boolean | "scaled";
	/** Nodes that a node attends to: its successors, as published and where nothing is given, or predecessors, successors and itself. */
	readonly attention?: Attention;
	readonly parameterization: Parameterization;
}

/** The published network, 3,989,575 parameters for NAS-Bench-201. */
export const PUBLISHED_SIZE: ScoreNetworkSize = {
	hidden: 64,
	heads: 8,
	feedForward: 128,
	blocks: 12,
	output: 1536,
	time: 256,
	positions: true,
	parameterization: "score",
};

/** A network that trains in minutes on one core: fewer blocks, a narrow output, scaled input and output. */
export const SMALL_SIZE: ScoreNetworkSize = {
	...PUBLISHED_SIZE,
	heads: 4,
	blocks: 3,
	output: 256,
	parameterization: "noise",
};

/**
 * For spaces whose nodes may be absent: which ones may depends on the place and on the nodes before and behind. Every node sees both, its place is as
 * loud as its operation, and errors of the estimated architecture count alike at all noise levels.
 */
export const RULED_SIZE: ScoreNetworkSize = {
	...SMALL_SIZE,
	positions: "scaled",
	attention: "neighbours",
	parameterization: "estimate",
};
