import { decimals, short, table } from "@archgen/text";
import { EQUAL_COST, type RankedProxy, shareOf } from "./rank-proxies.js";
import type { Ranking } from "./validate-ranking.js";

/** Tables for people: correlations, then what is selected. */
export function describeRanking({ space, table: { target }, report, seconds }: Ranking): string {
	const { rows, proxies, equalCostPairs, macBound, random, oracle } = report;
	const correlations = table(
		["proxy", "failed", "Spearman", "95 %", "Kendall", "partial", "95 %", "equal cost", "95 %", "s alone"],
		proxies.map((proxy) => [
			proxy.name,
			proxy.failed,
			decimals(proxy.spearman),
			interval(proxy.interval),
			decimals(proxy.kendall),
			decimals(proxy.partial),
			interval(proxy.partialInterval),
			decimals(proxy.equalCost),
			interval(proxy.equalCostInterval),
			seconds.get(proxy.name)!.toFixed(3),
		]),
	);
	const counts = random.map(({ candidates }) => candidates);
	const heads = counts.flatMap((count) => [`top 1 of ${count}`, "share", `top 10 of ${count}`]);
	const rowOf = ({ name, selections }: Pick<RankedProxy, "name" | "selections">) => [
		name,
		...selections.flatMap(({ top1, top10 }, i) => [
			top1.toFixed(3),
			shareOf(top1, random[i]!.top1, oracle[i]!.top1).toFixed(2),
			top10.toFixed(3),
		]),
	];
	const selected = table(
		["selects", ...heads],
		[{ name: "random choice", selections: random }, ...proxies, { name: "oracle", selections: oracle }].map(
			rowOf,
		),
	);
	return [
		`${rows} networks of ${space}, ${target}. partial: Spearman with MACs and parameters held fixed. equal cost: Kendall over the ${equalCostPairs} pairs whose MACs and parameters differ by at most ${100 * EQUAL_COST} %.`,
		correlations,
		`Mean ${target} of what is selected among random candidates of at most ${short(macBound)} MACs (the median). share: 0 is random choice, 1 the oracle.`,
		selected,
	].join("\n\n");
}

const interval = (ends: readonly [number, number] | null) =>
	ends === null ? "–" : `${ends[0].toFixed(2)} … ${ends[1].toFixed(2)}`;

/** The JSON document that scripts read. */
export function rankingDocument({ space, report, seconds }: Ranking) {
	const proxies = report.proxies.map(({ name, spearman, kendall, partial, selections, interval }) => ({
		name,
		spearman,
		kendall,
		partial,
		selected: selections[0]!.top1,
		interval,
		seconds: seconds.get(name)!,
	}));
	return { space, rows: report.rows, proxies };
}
