import type { Evidence, SharedPass } from "./evidence.js";

/** A proxy's value, or why it has none; never a number that stands for a failure. */
export type ProxyResult =
	| { readonly ok: true; readonly value: number }
	| { readonly ok: false; readonly reason: string; readonly message: string };

/**
 * What a proxy costs beyond counting: nothing (`count`), about one forward pass (`forward`), one forward and one backward
 * pass (`backward`), or several of them (`several`).
 */
export type CostClass = "count" | "forward" | "backward" | "several";

/** All that is known of one proxy: a file of its own in `proxies/` and a line in the table. */
export interface ProxySpec {
	/** What it is, in a sentence. */
	readonly description: string;
	/** The definition that is computed. */
	readonly formula: string;
	/** Where it comes from. */
	readonly source: string;
	/** Whether larger values promise better networks; for counts it depends on the budget. */
	readonly direction: "higher" | "neutral";
	/** Unit of the value, "1" for a pure number. */
	readonly unit: string;
	/** Whether the value depends on the images. */
	readonly needsData: boolean;
	/** Whether something is differentiated. */
	readonly needsGradient: boolean;
	readonly cost: CostClass;
	/** How batch norm acts: always in one mode, as the request says, or not at all. */
	readonly batchNorm: "eval" | "train" | "request" | "none";
	/** Passes that several proxies read, announced so that each runs once and serves all. */
	readonly passes: readonly SharedPass[];
	compute(evidence: Evidence): ProxyResult | Promise<ProxyResult>;
}

/** A finite number as a value, anything else as a named failure. */
export function finite(x: number): ProxyResult {
	if (Number.isFinite(x)) return { ok: true, value: x };
	return failure("NOT_FINITE", "The result is not a finite number: activations or gradients overflowed.");
}

/** Why a proxy has no value. */
export type ProxyFailure = Extract<ProxyResult, { readonly ok: false }>;

/** A proxy that has no value. */
export function failure(reason: string, message: string): ProxyFailure {
	return { ok: false, reason, message };
}
