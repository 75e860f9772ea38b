import {
	describeTable1,
	reproduceTable1,
	type Table1,
	table1Figures,
	table1Plot,
} from "@archgen/experiments";
import { outputFile, writeWhole } from "@archgen/files";
import type { Bundle } from "@archgen/models";
import { renderSvg } from "@archgen/plots";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { addRecordOption, type RecordOption, recordMetrics } from "../bundle/record-metrics.js";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

interface Options extends ImageOptions, ModelOptions, RecordOption, CommonOptions {
	readonly samples: number;
	readonly seeds: number;
	readonly references: number;
	readonly clusterMeans?: true;
	readonly temperature: number;
	readonly clusterTemperature: number;
	readonly workers: number;
	readonly labels: string;
	readonly out?: string;
}

/** `archgen reproduce table1`: cells around targets, sampled in three ways. */
export function table1Command(context: CliContext): Command {
	const command = newCommand(context, {
		name: "table1",
		description:
			"Table 1: cells around the best NATS-Bench cell by random, neighbourhood and flow sampling. Use the images that the bundle's labels were made with.",
		examples: [
			"reproduce table1 --images cifar10.bin --json",
			"reproduce table1 --images cifar10.bin --references 10 --cluster-means --record",
		],
	});
	const temperature = number({ min: 0, max: 2 });
	return addRecordOption(addModelOptions(addImageOptions(command)))
		.option("--samples <n>", "samples of each method and seed", integer({ min: 2, max: 10_000 }), 20)
		.option("--seeds <n>", "sampling seeds, from --seed on", integer({ min: 1, max: 1000 }), 5)
		.option("--references <n>", "also around this many random cells", integer({ min: 0, max: 1000 }), 0)
		.option("--cluster-means", "also around the means of all clusters")
		.option("--temperature <t>", "noise of the flow around a cell", temperature, 0.7)
		.option("--cluster-temperature <t>", "noise of the flow around cluster means", temperature, 0.4)
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option(
			"--labels <file>",
			"file of scored cells, from which an interrupted run goes on",
			"runs/table1-labels.jsonl",
		)
		.option("--out <file>", "write the ZC distances around every target as SVG")
		.action(async (options: Options) => {
			if (options.out !== undefined) await outputFile("--out", options.out);
			const bundle = await openModel(options, context);
			await outputFile("--labels", options.labels);
			const result = await reproduce(context, options, bundle);
			if (options.out !== undefined) await writeWhole(options.out, await renderSvg(table1Plot(result)));
			printResult(context, options, result, describeTable1);
			await recordMetrics(context, options, bundle.manifest, "table1", table1Figures(result));
		});
}

async function reproduce(context: CliContext, options: Options, bundle: Bundle): Promise<Table1> {
	const { labels, temperature, clusterTemperature, clusterMeans = false } = options;
	const batch = await readBatch(options, { size: 32, classes: 10 }, context);
	const temperatures = { reference: temperature, "cluster mean": clusterTemperature };
	const hint = `Scored cells are in ${labels}; run the same command again to go on.`;
	return resumable(context.signal, hint, () =>
		reproduceTable1(context, { ...options, bundle, batch, clusterMeans, temperatures }),
	);
}
