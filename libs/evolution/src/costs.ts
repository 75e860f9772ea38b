import type { Counts, Network } from "@archgen/search-space";

/** What counting alone does not give of a network. */
export interface Measures {
	/** Memory of the largest set of feature maps alive at once, float32, one image. */
	readonly peakActivationBytes?: number;
	/** Predicted time of one image. */
	readonly latencyMs?: number;
	/** Half the width of the band around `latencyMs`. */
	readonly latencyErrorMs?: number;
}

/** A network's price: what Pareto mode can trade the score against, less being better. */
export type CostName = "parameterCount" | "macCount" | "flopCount" | "peakActivationBytes" | "latencyMs";

/** What costs are read from. */
export interface Priced {
	readonly counts: Counts;
	readonly measures?: Measures;
}

/** One reader per cost. */
const COST_TABLE: Readonly<Record<CostName, (record: Priced) => number | undefined>> = {
	parameterCount: ({ counts }) => counts.parameterCount,
	macCount: ({ counts }) => counts.macCount,
	flopCount: ({ counts }) => counts.flopCount,
	peakActivationBytes: ({ measures }) => measures?.peakActivationBytes,
	latencyMs: ({ measures }) => measures?.latencyMs,
};

/** Upper bounds on measures; inclusive. */
export interface Limits {
	readonly maxPeakActivationBytes?: number;
	readonly maxLatencyMs?: number;
}

const LIMIT_TABLE: Readonly<Record<keyof Limits, keyof Measures>> = {
	maxPeakActivationBytes: "peakActivationBytes",
	maxLatencyMs: "latencyMs",
};

/** Limits that measures break, each with (value − limit) / limit; a limit on what was not measured is broken by 1. */
export function brokenLimits(measures: Measures, limits: Limits): [name: keyof Limits, excess: number][] {
	return (Object.keys(LIMIT_TABLE) as (keyof Limits)[]).flatMap((name) => {
		const limit = limits[name];
		if (limit === undefined) return [];
		const value = measures[LIMIT_TABLE[name]] ?? 2 * limit;
		return value <= limit ? [] : [[name, (value - limit) / limit] as [keyof Limits, number]];
	});
}

/** Score and negated costs of a record: all to be maximised. A cost that is not known is infinitely bad. */
export function paretoObjectives(
	record: Priced & { readonly score: number },
	costs: readonly CostName[],
): number[] {
	return [record.score, ...costs.map((cost) => -(COST_TABLE[cost](record) ?? Infinity))];
}

/** Measures of one network. */
export type Meter = (network: Network) => Measures;
