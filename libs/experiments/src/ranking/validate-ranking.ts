import { createHash } from "node:crypto";
import type { ImageBatch } from "@archgen/datasets";
import { type RunContext, resumable } from "@archgen/pipeline";
import type { ProxyName } from "@archgen/proxies";
import { countLayers, type Target } from "@archgen/search-space";
import { withCompleteScores } from "../validation/complete-scores.js";
import { type RankingReport, rankProxies } from "./rank-proxies.js";
import { lowerRow, RANKING_SPACES, type RankingSpaceName } from "./ranking-spaces.js";
import { type RankingTable, readRankingTable, sampleRows } from "./ranking-table.js";
import { scoreColumns } from "./score-columns.js";
import { secondsAlone } from "./seconds-alone.js";

/** A comparison of proxies with a table of trained accuracies. */
export interface RankingTask {
	readonly space: RankingSpaceName;
	/** Path of the table. */
	readonly table: string;
	/** Column of the accuracies; that of the space unless given. */
	readonly target?: string | undefined;
	/** Networks, drawn at random; all unless given. */
	readonly limit?: number | undefined;
	/** Image size to score at, in pixels; that of the space unless given. */
	readonly size?: number | undefined;
	/** The minibatch for a size and number of classes. */
	readonly batchFor: (target: Target) => Promise<ImageBatch>;
	readonly seed: number;
	readonly proxies: readonly ProxyName[];
	readonly workers: number;
	/** File that keeps the scores; one in `runs/` for space, images and seed unless given. */
	readonly out?: string | undefined;
}

/** The outcome of a comparison. */
export interface Ranking {
	readonly space: RankingSpaceName;
	readonly table: RankingTable;
	readonly report: RankingReport;
	/** Of each proxy and combination alone, for one network. */
	readonly seconds: ReadonlyMap<string, number>;
}

/** Ranks proxies by a table of trained accuracies. Goes on with the scores of an interrupted run. */
export async function validateRanking(context: RunContext, task: RankingTask): Promise<Ranking> {
	const { space, seed, proxies, workers } = task;
	const table = await readRankingTable(task.table, space, task.target);
	const rows = sampleRows(table.rows, task.limit, seed);
	remarkRows(context, space, table);
	const scored = { ...RANKING_SPACES[space].task, ...(task.size !== undefined && { size: task.size }) };
	const batch = await task.batchFor(scored);
	const lower = (arch: string) => lowerRow(space, arch, scored);
	const header = {
		format: "archgen.ranking-scores",
		version: 1,
		space,
		seed,
		images: batch.identity,
	} as const;
	const file = task.out ?? `runs/ranking-${space}-${digest(header)}.jsonl`;
	const archs = rows.map(({ arch }) => arch);
	const scoring = { lower, batch, seed };
	const job = { archs, file, header, proxies, workers, ...scoring };
	const hint = `The scores so far are in ${file}; run the same command again to go on.`;
	return resumable(context.signal, hint, () =>
		withCompleteScores(context, job, async ({ scores: found, scorer }) => {
			const scores = archs.map((arch) => found.get(arch)!);
			const costs = archs.map((arch) => countLayers(lower(arch)));
			const report = rankProxies({ rows, scores, costs, proxies, seed });
			const columns = scoreColumns(proxies, scores);
			const now = () => performance.now() / 1000;
			const timing = { ...scoring, scorer, signal: context.signal, now };
			return { space, table, report, seconds: await secondsAlone(archs[0]!, columns, timing) };
		}),
	);
}

function remarkRows(context: RunContext, space: RankingSpaceName, table: RankingTable): void {
	const { leaveOut } = RANKING_SPACES[space] as { leaveOut?: { why: string } };
	if (table.leftOut > 0)
		context.remark(
			`${table.leftOut} of ${table.leftOut + table.rows.length} rows left out: ${leaveOut?.why}`,
		);
	if (table.repeated > 0) context.remark(`${table.repeated} repeated trainings averaged`);
}

function digest(document: object): string {
	return createHash("sha256").update(JSON.stringify(document)).digest("hex").slice(0, 8);
}
