import type { ErrorMessage } from "@archgen/errors";
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
	| {
			readonly kind: "perform";
			readonly call: number;
			readonly model: number;
			/** Module of the `Procedure`. */
			readonly procedure: string;
			readonly request: unknown;
	  }
	| { readonly kind: "readState"; readonly call: number; readonly model: number }
	| { readonly kind: "release"; readonly call: number; readonly model: number };

/** What the pool tells a worker thread about calls it asked for before; there is no answer to it. */
export type WorkerNotice =
	/** A call is no longer wanted: it is dropped unless it has begun, and a procedure that has hears of it. */
	| { readonly kind: "cancel"; readonly call: number }
	/** The same for all calls, then the thread ends. */
	| { readonly kind: "stop" };

/** Tensors that stay in the worker between runs: fed under their input name and replaced by an output after each run. */
export interface StateBinding {
	readonly initial: TensorValues;
	/** Input name → name of the output that holds its next value. */
	readonly next: Readonly<Record<string, string>>;
}

export type WorkerReply =
	| { readonly call: number; readonly ok: true; readonly reply: unknown }
	| { readonly call: number; readonly ok: false; readonly error: ErrorMessage };
