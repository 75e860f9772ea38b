import { ScoringPool } from "@archgen/proxies";
import { SessionPool } from "@archgen/tensor-graph";
import type { Command } from "commander";
import { addModelOptions, bundleCellFiles, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { loadCellModels } from "../cells/cell-models.js";
import { type CliContext, printResult } from "../cli/context.js";
import { short, table } from "../cli/format.js";
import { bareCommand, type CommonOptions, newCommand } from "../cli/new-command.js";
import { integer, number } from "../cli/parsers.js";
import { startProgress } from "../cli/progress.js";
import { resumable } from "../cli/report-error.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";
import { outputFile } from "../files/output.js";
import { appendLabel, openLabels } from "../labels/label-file.js";
import { type Spread, type Table1, table1 } from "../reproduce/table1.js";
import { criteriaCommand } from "./reproduce-criteria.js";
import { figure2Command } from "./reproduce-figure2.js";

interface Options extends ImageOptions, ModelOptions, CommonOptions {
	readonly samples: number;
	readonly temperature: number;
	readonly workers: number;
	readonly labels: string;
}

/** `archgen reproduce …`: results of the paper, from a bundle. */
export function reproduceCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "table1",
		description:
			"Table 1: cells around the best NATS-Bench cell by random, neighbourhood and flow sampling. Use the images that the bundle's labels were made with.",
		examples: ["reproduce table1 --images cifar10.bin --samples 20 --json"],
	});
	addModelOptions(addImageOptions(command))
		.option("--samples <n>", "samples of each method", integer({ min: 2, max: 10_000 }), 20)
		.option("--temperature <t>", "noise of the flow", number({ min: 0, max: 2 }), 0.2)
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option(
			"--labels <file>",
			"where scored cells are kept, so that an interrupted run goes on",
			"runs/table1-labels.jsonl",
		)
		.action(async (options: Options) => {
			printResult(context, options, await reproduce(context, options), describe);
		});
	return bareCommand(context, "reproduce", "Reproduce results of the paper")
		.addCommand(command)
		.addCommand(criteriaCommand(context))
		.addCommand(figure2Command(context));
}

async function reproduce(context: CliContext, options: Options): Promise<Table1> {
	const { seed, samples, temperature, workers, labels } = options;
	const bundle = await openModel(options, context);
	const batch = await readBatch(options, { size: 32, classes: 10 });
	await outputFile("--labels", labels);
	const known = await openLabels(labels, {
		format: "archgen.labels",
		version: 1,
		seed,
		images: batch.identity,
		batch: options.batch,
	});
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
	const progress = startProgress(context.stderr, { title: "cells", total: 3 * samples + 1 });
	try {
		const models = await loadCellModels(pool, await bundleCellFiles(bundle));
		const task = {
			models,
			scorer,
			batch,
			samples,
			temperature,
			seed,
			parallelism: workers,
			signal: context.signal,
			known,
		};
		return await resumable(
			context.signal,
			`Scored cells are in ${labels}; run the same command again to go on.`,
			() =>
				table1({
					...task,
					onLabel: async (label, done, total) => {
						await appendLabel(labels, label);
						progress.update(done, `of ${total}`);
					},
				}),
		);
	} finally {
		progress.stop();
		await scorer.close();
		await pool.close();
	}
}

function describe({ reference, rows }: Table1): string {
	const head = [
		"sampling",
		"noise",
		"success",
		"distinct",
		"NASWOT",
		"SNIP-SSNR",
		"parameters",
		"flopCount",
		"ZC distance",
	];
	const exact = (value: number) => value.toFixed(1);
	const plusMinus = ({ mean, sd }: Spread, show: (value: number) => string) => `${show(mean)} ± ${show(sd)}`;
	const { naswot, snipSsnr, parameterCount, flopCount } = reference;
	return table(head, [
		["reference", "", "", "", exact(naswot), exact(snipSsnr), short(parameterCount), short(flopCount), "0"],
		...rows.map((row) => [
			row.method,
			row.noise ?? "",
			`${row.successes}/${row.samples}`,
			row.distinct,
			plusMinus(row.naswot, exact),
			plusMinus(row.snipSsnr, exact),
			plusMinus(row.parameterCount, short),
			plusMinus(row.flopCount, short),
			plusMinus(row.zcDistance, (value) => value.toFixed(2)),
		]),
	]);
}
