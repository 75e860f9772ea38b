import type { ErrorMessage } from "@archgen/errors";

/** The messages to a worker; `stop` cancels all calls and then ends it. */
export type OwnerMessage =
	| { readonly kind: "call"; readonly call: number; readonly request: unknown }
	| { readonly kind: "cancel"; readonly call: number }
	| { readonly kind: "stop" };

/** The answer to one call, with what the worker says about itself. */
export type WorkerMessage = {
	readonly call: number;
	readonly note?: unknown;
} & ({ readonly ok: true; readonly reply: unknown } | { readonly ok: false; readonly error: ErrorMessage });
