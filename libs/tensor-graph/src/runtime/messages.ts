import type { LoadOptions, TensorValues } from "./runtime.js";

/** What the pool asks a worker thread to do. */
export type WorkerRequest =
	| {
			readonly kind: "load";
			readonly call: number;
			readonly model: number;
			readonly bytes: Uint8Array;
			readonly options: LoadOptions;
			readonly state?: StateBinding;
	  }
	| {
			readonly kind: "run";
			readonly call: number;
			readonly model: number;
			readonly feeds: TensorValues;
			readonly fetch?: readonly string[];
	  }
	| { readonly kind: "readState"; readonly call: number; readonly model: number }
	| { readonly kind: "release"; readonly call: number; readonly model: number };

/** Tensors that stay in the worker between runs: fed under their input name and replaced by an output after each run. */
export interface StateBinding {
	readonly initial: TensorValues;
	/** Input name → name of the output that holds its next value. */
	readonly next: Readonly<Record<string, string>>;
}

export type WorkerReply =
	| { readonly call: number; readonly ok: true; readonly values: TensorValues }
	| { readonly call: number; readonly ok: false; readonly message: string };
