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
			readonly resident?: ResidentBinding;
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
	| { readonly kind: "ask"; readonly call: number; readonly model: number; readonly request: unknown }
	| { readonly kind: "release"; readonly call: number; readonly model: number };

/** What the pool tells a worker thread about calls it asked for before; there is no answer to it. */
export type WorkerNotice =
	/** A call is no longer wanted: it is dropped unless it has begun, and a procedure that has hears of it. */
	| { readonly kind: "cancel"; readonly call: number }
	/** The same for all calls, then the thread ends. */
	| { readonly kind: "stop" };

/** Who is to live beside a model. */
export interface ResidentBinding {
	/** Module of the `ResidentFactory`. */
	readonly factory: string;
	readonly setup: unknown;
}

export type WorkerReply =
	| { readonly call: number; readonly ok: true; readonly reply: unknown }
	| { readonly call: number; readonly ok: false; readonly error: ErrorMessage };
