import type { LoadOptions, TensorValues } from "./runtime.js";

/** A request of the pool to a worker thread. */
export type WorkerRequest =
	| {
			readonly kind: "load";
			readonly model: number;
			readonly bytes: Uint8Array;
			readonly options: LoadOptions;
			readonly resident?: ResidentBinding;
	  }
	| {
			readonly kind: "run";
			readonly model: number;
			readonly feeds: TensorValues;
			readonly fetch?: readonly string[];
	  }
	| {
			readonly kind: "perform";
			readonly model: number;
			/** Module of the `Procedure`. */
			readonly procedure: string;
			readonly request: unknown;
	  }
	| { readonly kind: "ask"; readonly model: number; readonly request: unknown }
	| { readonly kind: "release"; readonly model: number };

/** The resident that is to live beside a model. */
export interface ResidentBinding {
	/** Module of the `ResidentFactory`. */
	readonly factory: string;
	readonly setup: unknown;
}
