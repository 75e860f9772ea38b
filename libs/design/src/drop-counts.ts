/** Dropped proposals by reason: `duplicate`, `constraint:NAME`, `invalid:…`, `cells:…`, `evaluation:…`. */
export type DropCounts = Readonly<Record<string, number>>;

/** Field by field sum, in the order of the names: equal counts have equal text. */
export function addDrops(a: DropCounts, b: DropCounts): DropCounts {
	const sum: Record<string, number> = { ...a };
	for (const [reason, count] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + count;
	return Object.fromEntries(Object.entries(sum).sort(([x], [y]) => (x < y ? -1 : 1)));
}
