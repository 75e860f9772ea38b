import type { Constraints } from "@archgen/design";
import type { Target } from "@archgen/search-space";
import { HELD_OUT_AFTER, HELD_OUT_BEFORE } from "./refresh.js";

/** A question that versions of a bundle are compared by. */
export interface GateTarget {
	readonly name: string;
	readonly target: Target;
	readonly constraints: Constraints;
}

/** The questions, from microcontroller to ImageNet; fixed, so that a version is compared with every other by the same ones. */
export const GATE_TARGETS: readonly GateTarget[] = [
	gateTarget("450M flopCount, 224 px, 1000 classes", 224, 1000, { maxFlopCount: 450e6 }),
	gateTarget("100M MACs, 128 px, 100 classes", 128, 100, { maxMacCount: 100e6 }),
	gateTarget("300k parameters and 60M MACs, 32 px, 10 classes", 32, 10, {
		maxParameterCount: 300e3,
		maxMacCount: 60e6,
	}),
	gateTarget("20M MACs, 64 px, 50 classes", 64, 50, { maxMacCount: 20e6 }),
	gateTarget("5M MACs and 100k parameters, 96 px, 2 classes", 96, 2, {
		maxMacCount: 5e6,
		maxParameterCount: 100e3,
	}),
];

/** The best objective that two versions reach for a question; undefined where one finds no network. */
export interface GateComparison {
	readonly name: string;
	readonly before: number | undefined;
	readonly after: number | undefined;
}

/** A loss may grow by this share, which is what two seeds of a training differ by. */
const LOSS_SLACK = 0.02;
/** The best of a hundred candidates differs by some percent from seed to seed. */
const TARGET_SLACK = 0.05;
/** In the mean over the questions less is left to chance. */
const MEAN_SLACK = 0.01;

/**
 * Why a version must not take the place of the one that it went on from; empty when it may.
 *
 * @param metrics of the version, with the losses on what its base held out, where those are known
 */
export function reasonsAgainst(
	metrics: Readonly<Record<string, number>>,
	comparisons: readonly GateComparison[],
): string[] {
	const worse = comparisons.flatMap(({ name, before, after }) => {
		if (before === undefined) return [];
		if (after === undefined) return [`${name}: no network any more`];
		return after < before * (1 - TARGET_SLACK) ? [`${name}: ${describe(before, after)}`] : [];
	});
	return [...forgetting(metrics), ...(worse.length > 0 ? worse : worseInMean(comparisons))];
}

function forgetting({
	[HELD_OUT_BEFORE]: before,
	[HELD_OUT_AFTER]: after,
}: Readonly<Record<string, number>>) {
	if (before === undefined || after === undefined || after <= before * (1 + LOSS_SLACK)) return [];
	return [`the loss on held-out examples of the base rose from ${before.toFixed(3)} to ${after.toFixed(3)}`];
}

function worseInMean(comparisons: readonly GateComparison[]): string[] {
	const ratios = comparisons.flatMap(({ before, after }) =>
		before && after ? [Math.log(after / before)] : [],
	);
	const mean = Math.exp(ratios.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, ratios.length));
	return mean < 1 - MEAN_SLACK ? [`the best networks are ${percent(1 - mean)} worse in the mean`] : [];
}

function describe(before: number, after: number): string {
	return `the best network has ${after.toPrecision(5)} instead of ${before.toPrecision(5)}`;
}

function percent(share: number): string {
	return `${(100 * share).toFixed(1)} %`;
}

function gateTarget(name: string, size: number, classes: number, constraints: Constraints): GateTarget {
	return { name, target: { size, classes }, constraints };
}
