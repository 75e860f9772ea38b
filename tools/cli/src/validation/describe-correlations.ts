import type { ProxyCorrelation } from "@archgen/experiments";
import { table } from "@archgen/text";

/** A table for people. */
export function describeCorrelations(correlations: readonly ProxyCorrelation[]): string {
	const shown = (x: number | null | undefined) => (x === null || x === undefined ? "–" : x.toFixed(3));
	return table(
		["proxy", "networks", "failed", "Spearman", "Kendall", "published", "reference", "agreement"],
		correlations.map((row) => [
			row.proxy,
			row.networks,
			Object.values(row.failures).reduce((sum, n) => sum + n, 0),
			...[row.spearman, row.kendall, row.published, row.reference, row.agreement].map(shown),
		]),
	);
}
