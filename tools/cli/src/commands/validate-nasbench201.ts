import {
	appendScores,
	correlate,
	openScores,
	type ProxyCorrelation,
	readBenchmarkTable,
	scoreBenchmark,
} from "@archgen/experiments";
import { withFileLock } from "@archgen/files";
import { PROXY_NAMES, type ProxyName, ScoringPool } from "@archgen/proxies";
import { lowerNasBench201 } from "@archgen/search-space";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	printResult,
	proxies,
	resumable,
} from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";
import { describeCorrelations } from "../validation/describe-correlations.js";

interface Options extends ImageOptions, CommonOptions {
	readonly table: string;
	readonly limit?: number;
	readonly proxies: readonly ProxyName[];
	readonly workers: number;
	readonly out: string;
}

/** Images and classes that the benchmark trains on. */
const TASK = { size: 32, classes: 10 };

/** `archgen validate nasbench201`: how every proxy orders networks of known accuracy. */
export function nasBench201Command(context: CliContext): Command {
	const command = newCommand(context, {
		name: "nasbench201",
		description:
			"Rank correlation of every proxy with the accuracies of NAS-Bench-201 (resumes where it stopped)",
		examples: [
			"validate nasbench201 --table sample.csv --images cifar10.bin --limit 300",
			"validate nasbench201 --table sample.csv --images cifar10.bin --proxies naswot_relu,synflow --json",
		],
	});
	return addImageOptions(command)
		.requiredOption("--table <file>", "comma-separated table with the columns arch and c10_test")
		.option("--limit <n>", "only the first networks of the table", integer({ min: 3 }))
		.option("--proxies <names>", "comma-separated names, or all", proxies, [...PROXY_NAMES])
		.option("--workers <n>", "processes, of one thread each", integer({ min: 1, max: 256 }), 2)
		.option("--out <file>", "scores so far (JSON lines)", "runs/nasbench201-scores.jsonl")
		.action(async (options: Options) => {
			const found = await withFileLock(options.out, context.signal, () => validate(context, options));
			printResult(context, options, found, describeCorrelations);
		});
}

async function validate({ stderr, signal }: CliContext, options: Options): Promise<ProxyCorrelation[]> {
	const { seed, out, workers } = options;
	const rows = (await readBenchmarkTable(options.table)).slice(0, options.limit);
	const batch = await readBatch(options, TASK, { stderr });
	const header = { format: "archgen.nasbench201-scores", version: 1, seed, images: batch.identity } as const;
	const scores = await openScores(out, header);
	const isDone = (arch: string) => options.proxies.every((name) => scores.get(arch)?.[name] !== undefined);
	const archs = [...new Set(rows.map(({ arch }) => arch))].filter((arch) => !isDone(arch));
	const start = rows.length - archs.length;
	const progress = startProgress(stderr, { title: "networks", total: rows.length, start });
	let done = start;
	const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
	try {
		await resumable(signal, `The scores so far are in ${out}; run the same command again to go on.`, () =>
			scoreBenchmark(archs, scores, {
				lower: (arch) => lowerNasBench201(arch, { classes: batch.classes }),
				scorer,
				batch,
				seed,
				proxies: options.proxies,
				parallelism: workers,
				signal,
				onScores: async (arch, found) => {
					await appendScores(out, arch, found);
					scores.set(arch, { ...scores.get(arch), ...found });
					done++;
					progress.update(done);
				},
			}),
		);
	} finally {
		progress.stop();
		await scorer.close();
	}
	return options.proxies.map((proxy) => correlate(proxy, rows, scores));
}
