import type { ImageBatch } from "@archgen/datasets";
import { withFileLock } from "@archgen/files";
import type { RunContext } from "@archgen/pipeline";
import type { ProxyName } from "@archgen/proxies";
import { lowerNasBench201 } from "@archgen/search-space";
import { correlate, type ProxyCorrelation } from "./benchmark-report.js";
import { withCompleteScores } from "./complete-scores.js";
import { readBenchmarkTable } from "./nasbench201-table.js";

/** A comparison with NAS-Bench-201. */
export interface NasBench201Task {
	/** Path of a table with the columns arch and c10_test. */
	readonly table: string;
	/** Rows from the first one on; all unless given. */
	readonly limit?: number | undefined;
	readonly batch: ImageBatch;
	readonly seed: number;
	readonly proxies: readonly ProxyName[];
	readonly workers: number;
	/** File that keeps the scores. */
	readonly out: string;
}

/** Rank correlation of every proxy with the test accuracies of NAS-Bench-201. Goes on with the scores of an interrupted run. */
export async function validateNasBench201(
	context: RunContext,
	{ table, limit, out, ...task }: NasBench201Task,
): Promise<ProxyCorrelation[]> {
	const rows = (await readBenchmarkTable(table)).slice(0, limit);
	const { batch, seed, proxies } = task;
	const header = { format: "archgen.nasbench201-scores", version: 1, seed, images: batch.identity } as const;
	const lower = (arch: string) => lowerNasBench201(arch, { classes: batch.classes });
	const archs = rows.map(({ arch }) => arch);
	return withFileLock(out, context.signal, () =>
		withCompleteScores(context, { ...task, archs, file: out, header, lower }, ({ scores }) =>
			proxies.map((proxy) => correlate(proxy, rows, scores)),
		),
	);
}
