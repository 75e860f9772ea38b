import type { Schedule } from "@archgen/tensor-graph";
import { CCNF_SIZE, type CcnfSize } from "./ccnf-size.js";
import type { Objective } from "./export-ccnf.js";

/** Everything that decides the result of a training besides the data. */
export interface CcnfConfig {
	readonly objective: Objective;
	readonly seed: number;
	readonly steps: number;
	readonly size: CcnfSize;
	/** Rows of a step, default 256. */
	readonly batch: number;
	/** Published 1e-3; flow matching starts from 2e-3, because its schedule falls to 0. */
	readonly learningRate: number;
	/** Decoupled, default 0.01. */
	readonly weightDecay: number;
	/** Largest gradient norm. */
	readonly clipNorm: number;
	/** "constant" as published; "cosine" (to 0 at `steps`) gives the averaging that a short training lacks. */
	readonly schedule: Schedule["kind"];
	/** Absolute and relative tolerance of the solver in training with "nll", default 1e-5. */
	readonly tolerance: number;
}

/** Flow matching, at a size of training that takes half an hour on two cores. */
export const CCNF_CONFIG: CcnfConfig = {
	objective: "flow-matching",
	seed: 0,
	steps: 12_000,
	size: CCNF_SIZE,
	batch: 256,
	learningRate: 2e-3,
	weightDecay: 0.01,
	clipNorm: 5,
	schedule: "cosine",
	tolerance: 1e-5,
};

/** The objective of the paper (eq. 6–7) with its optimiser, Adam at a constant rate; the clipping is ours. */
export const NLL_CONFIG: CcnfConfig = {
	...CCNF_CONFIG,
	objective: "nll",
	steps: 200,
	learningRate: 1e-3,
	weightDecay: 0,
	schedule: "constant",
};

/** The published flow: field, objective and optimiser; a thousand steps are a fiftieth of the published training. */
export const PUBLISHED_CCNF_CONFIG: CcnfConfig = {
	...NLL_CONFIG,
	steps: 1000,
	size: { ...CCNF_SIZE, form: "plain" },
};
