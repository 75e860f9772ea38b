import type { orchestrator } from "@archgen/rpc";

/** Best objective of the version before and of the new one, by question of the gate. */
export function describeComparisons(
	comparisons: readonly orchestrator.PromotionComparison[],
): Record<string, string> {
	const best = (value: number | undefined) => value?.toPrecision(5) ?? "no network";
	return Object.fromEntries(
		comparisons.map(({ name, before, after }) => [name, `${best(before)} → ${best(after)}`]),
	);
}
