import { invalidArgument } from "@archgen/errors";
import { type Criteria, criteriaPlot, describeCriteria, reproduceCriteria } from "@archgen/experiments";
import { outputFile, writeWhole } from "@archgen/files";
import { renderSvg } from "@archgen/plots";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	printResult,
	resumable,
} from "../cli/index.js";

interface Options extends CommonOptions {
	readonly labels: string;
	readonly from: number;
	readonly to: number;
	readonly step: number;
	readonly restarts: number;
	readonly seed: number;
	readonly points: string;
	readonly out?: string;
}

/** `archgen reproduce criteria`: how many clusters the labels bear. */
export function criteriaCommand(context: CliContext): Command {
	const count = integer({ min: 1, max: 1000 });
	return newCommand(context, {
		name: "criteria",
		description:
			"BIC and AIC of the mixture over its number of components, and the number that the plateau rule chooses",
		examples: ["reproduce criteria --labels runs/default/labels.jsonl --out criteria.svg"],
	})
		.option("--labels <file>", "labels to fit", "runs/default/labels.jsonl")
		.option("--from <k>", "smallest number of components", count, 4)
		.option("--to <k>", "largest number of components", count, 64)
		.option("--step <n>", "step between numbers of components", count, 2)
		.option("--restarts <n>", "random starts of each fit; the best one counts", count, 5)
		.option("--seed <n>", "seed of the starts", integer(), 0)
		.option(
			"--points <file>",
			"file of fitted points, from which an interrupted run goes on",
			"runs/criteria.jsonl",
		)
		.option("--out <file>", "write the curves as SVG")
		.action(async (options: Options) => {
			const result = await run(context, options);
			if (options.out !== undefined) await writeWhole(options.out, await renderSvg(criteriaPlot(result)));
			printResult(context, options, result, describeCriteria);
		});
}

async function run(context: CliContext, options: Options): Promise<Criteria> {
	const { from, to, points, out } = options;
	if (from > to) throw invalidArgument("--from", "must be at most --to");
	await outputFile("--points", points);
	if (out !== undefined) await outputFile("--out", out);
	const hint = `Fitted points are in ${points}; run the same command again to go on.`;
	return resumable(context.signal, hint, () => reproduceCriteria(context, options));
}
