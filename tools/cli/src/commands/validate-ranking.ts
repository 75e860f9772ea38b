import { createHash } from "node:crypto";
import { enlargeBatch, type ImageBatch } from "@archgen/datasets";
import { ArchgenError } from "@archgen/errors";
import {
	appendScores,
	lowerRow,
	openScores,
	RANKING_SPACE_NAMES,
	RANKING_SPACES,
	type RankingSpaceName,
	rankProxies,
	readRankingTable,
	sampleRows,
	scoreBenchmark,
	scoreColumns,
	secondsAlone,
} from "@archgen/experiments";
import { PROXY_NAMES, type ProxyName, ScoringPool } from "@archgen/proxies";
import { countLayers, type NetworkGraph, type Target } from "@archgen/search-space";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	printResult,
	proxies,
	resumable,
} from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";
import { describeRanking, type Ranking } from "../validation/describe-ranking.js";

interface Options extends ImageOptions, CommonOptions {
	readonly table: string;
	readonly space: RankingSpaceName;
	readonly limit?: number;
	readonly target?: string;
	readonly size?: number;
	readonly proxies: readonly ProxyName[];
	readonly workers: number;
	readonly out?: string;
}

/** `archgen validate ranking`: what every proxy and combination says about trained accuracy. */
export function rankingCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "ranking",
		description:
			"What every proxy and combination says about trained accuracies: rank correlations, the same at equal MACs and parameters, and the accuracy of what would be selected (resumes where it stopped)",
		examples: [
			"validate ranking --table full.csv --space nasbench201 --images cifar10.bin --limit 300",
			"validate ranking --table half.csv --space mnasnet --proxies tcet,tcet_train,synflow --json",
		],
	});
	return addImageOptions(command, { batch: 16 })
		.requiredOption(
			"--table <file>",
			"comma-separated table with a column of architectures and one of accuracies",
		)
		.requiredOption(
			"--space <name>",
			`search space of the table: ${RANKING_SPACE_NAMES.join(", ")}`,
			choice(RANKING_SPACE_NAMES),
		)
		.option("--limit <n>", "a random sample of this many networks", integer({ min: 5 }))
		.option("--target <column>", "column of the accuracies (default: the space's, validation before test)")
		.option(
			"--size <pixels>",
			"image size to score with (default: 64 for mnasnet, else 32)",
			integer({ min: 16, max: 512 }),
		)
		.option(
			"--proxies <names>",
			"comma-separated names, or all; combinations follow from their parts",
			proxies,
			[...PROXY_NAMES],
		)
		.option("--workers <n>", "processes, of one thread each", integer({ min: 1, max: 256 }), 2)
		.option(
			"--out <file>",
			"scores so far (JSON lines; default: a file in runs/ for this space, size, batch, images and seed)",
		)
		.action(async (options: Options) => {
			const ranking = await validate(context, options);
			if (options.json) printResult(context, options, fixedForm(ranking), String);
			else printResult(context, options, ranking, describeRanking);
		});
}

async function validate({ stderr, signal }: CliContext, options: Options): Promise<Ranking> {
	const { space, seed, workers } = options;
	const table = await readRankingTable(options.table, space, options.target);
	const rows = sampleRows(table.rows, options.limit, seed);
	const { leaveOut } = RANKING_SPACES[space] as { leaveOut?: { why: string } };
	if (table.leftOut > 0)
		stderr.write(
			`${table.leftOut} of ${table.leftOut + table.rows.length} rows left out: ${leaveOut?.why}\n`,
		);
	if (table.repeated > 0) stderr.write(`${table.repeated} repeated trainings averaged\n`);
	const { task } = RANKING_SPACES[space];
	const scored = { ...task, ...(options.size !== undefined && { size: options.size }) };
	const batch = await rankingBatch(options, scored);
	const lower = (arch: string): NetworkGraph => lowerRow(space, arch, scored);
	const header = {
		format: "archgen.ranking-scores",
		version: 1,
		space,
		seed,
		images: batch.identity,
	} as const;
	const out = options.out ?? `runs/ranking-${space}-${digest(header)}.jsonl`;
	const scores = await openScores(out, header);
	const isDone = (arch: string) => options.proxies.every((name) => scores.get(arch)?.[name] !== undefined);
	const archs = rows.map(({ arch }) => arch).filter((arch) => !isDone(arch));
	let done = rows.length - archs.length;
	const progress = startProgress(stderr, { title: "networks", total: rows.length, start: done });
	const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
	const scoring = { lower, scorer, batch, seed, signal };
	try {
		return await resumable(
			signal,
			`The scores so far are in ${out}; run the same command again to go on.`,
			async () => {
				await scoreBenchmark(archs, scores, {
					...scoring,
					proxies: options.proxies,
					parallelism: workers,
					onScores: async (arch, found) => {
						await appendScores(out, arch, found);
						scores.set(arch, { ...scores.get(arch), ...found });
						progress.update(++done);
					},
				});
				const values = rows.map(({ arch }) => scores.get(arch)!);
				const costs = rows.map(({ arch }) => countLayers(lower(arch)));
				const report = rankProxies({ rows, scores: values, costs, proxies: options.proxies, seed });
				const now = () => performance.now() / 1000;
				const columns = scoreColumns(options.proxies, values);
				return {
					space,
					table,
					report,
					seconds: await secondsAlone(rows[0]!.arch, columns, { ...scoring, now }),
				};
			},
		);
	} finally {
		progress.stop();
		await scorer.close();
	}
}

/** Side of CIFAR images, which are enlarged to the size asked for. */
const CIFAR_SIDE = 32;

async function rankingBatch(options: Options, scored: Target): Promise<ImageBatch> {
	try {
		return await readBatch(options, scored);
	} catch (error) {
		const tooSmall = error instanceof ArchgenError && error.reason === "IMAGE_SIZE_MISMATCH";
		if (!tooSmall || scored.size % CIFAR_SIDE !== 0) throw error;
		return enlargeBatch(await readBatch(options, { ...scored, size: CIFAR_SIDE }), scored.size);
	}
}

const digest = (document: object) =>
	createHash("sha256").update(JSON.stringify(document)).digest("hex").slice(0, 8);

/** The JSON document that scripts read. */
function fixedForm({ space, report, seconds }: Ranking) {
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
