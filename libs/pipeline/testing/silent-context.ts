import type { RunContext } from "../src/run-context.js";

/** A context that shows nothing and is never interrupted unless given a signal. */
export function silentContext(signal: AbortSignal = new AbortController().signal): RunContext {
	return { signal, startProgress: () => ({ update: () => {}, stop: () => {} }), remark: () => {} };
}
