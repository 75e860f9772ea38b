import { writeFile } from "node:fs/promises";
import { invalidArgument } from "@archgen/errors";
import { type Criteria, criteria, criteriaPlot } from "@archgen/experiments";
import { outputFile, withFileLock } from "@archgen/files";
import { readLabelledCells } from "@archgen/pipeline";
import { renderSvg } from "@archgen/plots";
import { table } from "@archgen/text";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	printResult,
	resumable,
} from "../cli/index.js";
import { startProgress } from "../cli/progress.js";

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
		.option("--step <n>", "distance between two numbers of components", count, 2)
		.option("--restarts <n>", "starts of each fit, of which the best counts", count, 5)
		.option("--seed <n>", "seed of the starts", integer(), 0)
		.option(
			"--points <file>",
			"where fitted points are kept, so that an interrupted run goes on",
			"runs/criteria.jsonl",
		)
		.option("--out <file>", "write the curves as SVG")
		.action(async (options: Options) => {
			const result = await run(context, options);
			if (options.out !== undefined) await writeFile(options.out, await renderSvg(criteriaPlot(result)));
			printResult(context, options, result, describe);
		});
}

async function run({ stderr, signal }: CliContext, options: Options): Promise<Criteria> {
	const { from, to, step, restarts, seed, points, out } = options;
	if (from > to) throw invalidArgument("--from", "must be at most --to");
	const components = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
	const labels = await readLabelledCells(options.labels);
	await outputFile("--points", points);
	if (out !== undefined) await outputFile("--out", out);
	// A fit takes time in proportion to K.
	const total = components.reduce((sum, k) => sum + k, 0);
	const progress = startProgress(stderr, { title: "components", total });
	let done = 0;
	const onPoint = ({ components: k, bic, aic }: Criteria["points"][number]) => {
		done += k;
		progress.update(done, `K ${k}: BIC ${bic.toFixed(0)} AIC ${aic.toFixed(0)}`);
	};
	const hint = `Fitted points are in ${points}; run the same command again to go on.`;
	try {
		return await resumable(signal, hint, () =>
			withFileLock(points, signal, () =>
				criteria({ labels, components, restarts, seed, points, signal, onPoint }),
			),
		);
	} finally {
		progress.stop();
	}
}

function describe({ labelledCells, chosen, smallestBic, smallestAic, points }: Criteria): string {
	const rows = points.map(({ components, bic, aic }) => [components, bic.toFixed(1), aic.toFixed(1)]);
	return [
		table(["K", "BIC", "AIC"], rows),
		"",
		`${labelledCells} labelled cells: smallest BIC at K = ${smallestBic}, smallest AIC at K = ${smallestAic}; the plateau rule chooses ${chosen}.`,
	].join("\n");
}
