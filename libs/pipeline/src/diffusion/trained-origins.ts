import type { TrainingSet } from "@archgen/score-diffusion";

/** Rows of a table that a network was trained on. */
export interface LabelledRows {
	/** SHA-256 of the table's file. */
	readonly table: string;
	/** Rows that it was trained on, chosen at random by the seed. */
	readonly rows: number;
	readonly seed: number;
	/** `architectureDigest` of each of them. */
	readonly digests: readonly string[];
}

/** What a predictor was trained on. */
export interface PredictorOrigin extends LabelledRows {
	readonly space: string;
	/** Column of the table. */
	readonly target: string;
}

/** Where the vectors come from that a network is asked for. */
export interface VectorOrigin {
	/** Bundle whose predictor gave them, e.g. `default 5`. */
	readonly bundle: string;
	/** SHA-256 of the predictor, see `predictorDigest`: under another one the same numbers mean something else. */
	readonly predictor: string;
}

/** What a score was trained on: architectures of its space, with vectors where it is asked for them. */
export interface ScoreOrigin extends TrainingSet {
	readonly vectors?: VectorOrigin;
}

/** What a denoiser was trained on: architectures of its space and, for one with conditions, labelled ones or vectors. */
export interface DenoiserOrigin extends TrainingSet {
	readonly labels?: LabelledRows;
	readonly vectors?: VectorOrigin;
}
