import type { Counts } from "@archgen/search-space";
import { logDeterminant } from "./log-determinant.js";
import type { BackwardResult, CodesResult } from "./network-passes.js";
import { compressibility, type SaliencySums, signalToNoise } from "./saliency.js";

/** Everything computed for one network; a proxy reads the parts that it declares. */
export interface Evidence {
	readonly counts: Counts;
	/** Images in the minibatch. */
	readonly batch: number;
	readonly codes?: CodesResult;
	readonly backward?: BackwardResult;
}

/** Passes over the network that a proxy needs. */
export type Pass = "codes" | "backward";

/** A proxy's value, or why it has none; never a number that stands for a failure. */
export type ProxyResult =
	| { readonly ok: true; readonly value: number }
	| { readonly ok: false; readonly reason: string; readonly message: string };

export interface ProxySpec {
	/** What it is, with its formula and source. */
	readonly description: string;
	/** Whether larger values promise better networks; for counts it depends on the budget. */
	readonly direction: "higher" | "neutral";
	readonly unit: string;
	readonly passes: readonly Pass[];
	/** Rough cost: counting only, one forward pass, or forward and backward. */
	readonly cost: "count" | "forward" | "backward";
	compute(evidence: Evidence): ProxyResult;
}

const value = (x: number): ProxyResult =>
	Number.isFinite(x)
		? { ok: true, value: x }
		: {
				ok: false,
				reason: "NOT_FINITE",
				message: "The result is not a finite number: the activations or gradients overflowed.",
			};

const saliencies = ({ backward }: Evidence): SaliencySums[] => [...backward!.saliencies.values()];
const sumOver = (evidence: Evidence, term: (sums: SaliencySums) => number): ProxyResult =>
	value(saliencies(evidence).reduce((total, sums) => total + term(sums), 0));

/** All proxies. Adding one means one record here. */
export const PROXIES = {
	parameters: {
		description: "Number of trainable parameters.",
		direction: "neutral",
		unit: "parameters",
		passes: [],
		cost: "count",
		compute: ({ counts }) => value(counts.parameterCount),
	},
	macCount: {
		description: "Multiply-accumulates of convolutions and linear layers for one image.",
		direction: "neutral",
		unit: "multiply-accumulates",
		passes: [],
		cost: "count",
		compute: ({ counts }) => value(counts.macCount),
	},
	flopCount: {
		description:
			"Floating-point operations for one image, all layers counted (2 × multiply-accumulates and more).",
		direction: "neutral",
		unit: "operations",
		passes: [],
		cost: "count",
		compute: ({ counts }) => value(counts.flopCount),
	},
	naswot: {
		description:
			"ln |det Σ_l K_l| with K_l,ij = N_l − Hamming distance of the output sign codes of images i and j at layer l, BN in eval mode (after Mellor et al. 2021).",
		direction: "higher",
		unit: "nats",
		passes: ["codes"],
		cost: "forward",
		compute: ({ codes, batch }) => {
			const determinant = logDeterminant(Float64Array.from(codes!.kernel), batch);
			return determinant === null
				? {
						ok: false,
						reason: "SINGULAR_KERNEL",
						message: "The code kernel is singular: two images have the same codes in every layer.",
					}
				: value(determinant);
		},
	},
	snip_ssnr: {
		description: "Σ_l mean(s_l) / std(s_l) of the saliencies s_l = |w ⊙ ∂L/∂w| (Xiang et al. 2023).",
		direction: "higher",
		unit: "1",
		passes: ["backward"],
		cost: "backward",
		compute: (evidence) => sumOver(evidence, signalToNoise),
	},
	snip: {
		description: "Σ |w ⊙ ∂L/∂w| over all weights (Lee et al. 2019).",
		direction: "higher",
		unit: "1",
		passes: ["backward"],
		cost: "backward",
		compute: (evidence) => sumOver(evidence, ({ sum }) => sum),
	},
	grad_norm: {
		description: "Σ_l ‖∂L/∂w_l‖₂ (Abdelfattah et al. 2021).",
		direction: "higher",
		unit: "1",
		passes: ["backward"],
		cost: "backward",
		compute: (evidence) => sumOver(evidence, ({ gradientNorm }) => gradientNorm),
	},
	l2_norm: {
		description: "Σ_l ‖w_l‖₂ of the initial weights.",
		direction: "higher",
		unit: "1",
		passes: ["backward"],
		cost: "backward",
		compute: (evidence) => sumOver(evidence, ({ weightNorm }) => weightNorm),
	},
	tcet: {
		description:
			"Σ_l ln|det K_l| · ln(1 + sum(s_l) / std(s_l)), the search objective (Xiang et al. 2023, T-CET).",
		direction: "higher",
		unit: "1",
		passes: ["codes", "backward"],
		cost: "backward",
		compute: ({ codes, backward }) =>
			value(
				[...backward!.saliencies].reduce(
					(total, [layer, sums]) => total + codes!.logDeterminants.get(layer)! * compressibility(sums),
					0,
				),
			),
	},
} as const satisfies Record<string, ProxySpec>;

export type ProxyName = keyof typeof PROXIES;

/** All names in the order of the table. */
export const PROXY_NAMES = Object.keys(PROXIES) as readonly ProxyName[];
