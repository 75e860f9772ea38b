import { decimals, table } from "@archgen/text";
import type { ProxyCorrelation } from "./benchmark-report.js";

/** A table for people. */
export function describeCorrelations(correlations: readonly ProxyCorrelation[]): string {
	return table(
		["proxy", "networks", "failed", "Spearman", "Kendall", "published", "reference", "agreement"],
		correlations.map((row) => [
			row.proxy,
			row.networks,
			Object.values(row.failures).reduce((sum, n) => sum + n, 0),
			...[row.spearman, row.kendall, row.published, row.reference, row.agreement].map((x) => decimals(x)),
		]),
	);
}
