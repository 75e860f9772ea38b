import { type ConnectionOptions, connectionOf, connectScorer } from "@archgen/client";
import { invalidArgument } from "@archgen/errors";
import { outputFile } from "@archgen/files";
import { isMeasured, type Label, labelRandomCells, packLabels, readLabels } from "@archgen/pipeline";
import { ScoringPool } from "@archgen/proxies";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	printResult,
	resumable,
} from "../cli/index.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";
import { addConnection } from "../services/connection.js";

interface Options extends ImageOptions, CommonOptions, ConnectionOptions {
	readonly count: number;
	readonly workers: number;
	readonly address?: string;
	readonly out: string;
	readonly pack?: string;
}

/** α_x sees images of this size. */
const SIZE = 32;
const CLASSES = 10;

/** `archgen label`: zero-cost vectors of random cells. */
export function labelCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "label",
		description:
			"Measure the zero-cost vectors of random cells (resumes where it stopped; a larger --count adds cells)",
		examples: [
			"label --count 1500 --images cifar10.bin --seed 0 --workers 2 --out runs/labels.jsonl",
			"label --count 6000 --images cifar10.bin --address 10.0.0.5:50051,10.0.0.6:50051 --workers 8",
		],
	});
	return addConnection(addImageOptions(command))
		.option("--count <n>", "distinct cells in the file at the end", integer({ min: 1 }), 1500)
		.option(
			"--workers <n>",
			"processes of one thread each; with --address, cells measured at the same time",
			integer({ min: 1, max: 256 }),
			2,
		)
		.option(
			"--address <list>",
			"measure on these zc-proxy services instead: host:port, or IPv4 ones separated by commas; all must run with the same --images",
		)
		.option("--out <file>", "label file (JSON lines, docs/data-formats.md)", "runs/labels.jsonl")
		.option("--pack <file.gz>", "at the end, also write the labels here, with a checksum beside them")
		.action(async (options: Options) => {
			if (options.pack !== undefined) await checkPack(options.pack);
			await outputFile("--out", options.out);
			const labels = await label(context, options);
			if (options.pack !== undefined) await packLabels(options.pack, await readLabels(options.out));
			printResult(context, options, summary(options.out, labels), (result) => fields(result));
		});
}

async function label(context: CliContext, options: Options): Promise<Label[]> {
	const { signal, environment } = context;
	const { workers, address, out } = options;
	const batch = await readBatch(options, { size: SIZE, classes: CLASSES }, context);
	const openScorer = async () =>
		address === undefined
			? ScoringPool.create({ workers, threadsPerWorker: 1 })
			: connectScorer(await connectionOf(options, environment, address), signal);
	const hint = `The labels so far are in ${out}; run the same command again to go on.`;
	return resumable(signal, hint, () =>
		labelRandomCells(context, { ...options, batch, parallelism: workers, openScorer }),
	);
}

async function checkPack(path: string): Promise<void> {
	if (!path.endsWith(".gz")) throw invalidArgument("--pack", `${path} must end in .gz`);
	await outputFile("--pack", path);
}

function summary(file: string, labels: readonly Label[]) {
	const measured = labels.filter(isMeasured).length;
	return { file, cells: labels.length, measured, failed: labels.length - measured };
}
