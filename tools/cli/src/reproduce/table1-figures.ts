import type { Summary, Table1 } from "./table1.js";

/** What a bundle's manifest keeps of Table 1: the rows around the first reference, and each kind of target together. */
export function table1Figures({ tables: [first], summaries }: Table1): object {
	const rows = first!.rows.map(({ method, seeds: _, ...figures }) => [method, figures] as const);
	const kinds = summaries.map(({ kind, ...figures }) => [PLURAL[kind], figures] as const);
	return { best: Object.fromEntries(rows), ...Object.fromEntries(kinds) };
}

const PLURAL: Readonly<Record<Summary["kind"], string>> = {
	reference: "references",
	"cluster mean": "clusterMeans",
};
