import type { MethodRow } from "./rows.js";
import type { Summary, Table1 } from "./table1.js";

/** What a bundle's manifest keeps of Table 1: the rows around the first reference, and each kind of target together. */
export function table1Figures({ tables: [first], summaries }: Table1): object {
	const rows = first!.rows.map((row) => [row.method, rowFigures(row)] as const);
	const kinds = summaries.map(({ kind, ...figures }) => [PLURAL[kind], figures] as const);
	return { best: Object.fromEntries(rows), ...Object.fromEntries(kinds) };
}

/** A row without its parts. */
export function rowFigures({ method: _, seeds: __, ...figures }: MethodRow): object {
	return figures;
}

const PLURAL: Readonly<Record<Summary["kind"], string>> = {
	reference: "references",
	"cluster mean": "clusterMeans",
};
