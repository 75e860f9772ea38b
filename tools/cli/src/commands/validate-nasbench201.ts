import { describeCorrelations, validateNasBench201 } from "@archgen/experiments";
import type { ProxyName } from "@archgen/proxies";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	printResult,
	proxiesOption,
	resumable,
} from "../cli/index.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

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
		.option("--limit <n>", "use only the first n networks; all unless given", integer({ min: 3 }))
		.addOption(proxiesOption("comma-separated (docs/proxies.md)"))
		.option("--workers <n>", "scoring processes of one thread each", integer({ min: 1, max: 256 }), 2)
		.option("--out <file>", "finished scores, to resume from (JSON lines)", "runs/nasbench201-scores.jsonl")
		.action(async (options: Options) => {
			const batch = await readBatch(options, TASK, context);
			const hint = `The scores so far are in ${options.out}; run the same command again to go on.`;
			const found = await resumable(context.signal, hint, () =>
				validateNasBench201(context, { ...options, batch }),
			);
			printResult(context, options, found, describeCorrelations);
		});
}
