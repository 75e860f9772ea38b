import { ArchgenError, invalidArgument } from "@archgen/errors";
import { countNetwork, graphNetFileFromJson } from "@archgen/search-space";
import type { Command } from "commander";
import { addModelOptions, bundleCellFiles, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { validateModels } from "../bundle/validate-models.js";
import { type CliContext, printResult } from "../cli/context.js";
import { fields, table } from "../cli/format.js";
import { bareCommand, type CommonOptions, newCommand } from "../cli/new-command.js";
import { naming } from "../files/name-option.js";
import { readJsonFile } from "../files/read-json.js";
import { verified } from "./models.js";
import { nasBench201Command } from "./validate-nasbench201.js";

/** `archgen validate …`: checks against what is known. */
export function validateCommand(context: CliContext): Command {
	return bareCommand(
		context,
		"validate",
		"Check this program against published data, and bundles against themselves",
	)
		.addCommand(graphNetCommand(context))
		.addCommand(nasBench201Command(context))
		.addCommand(bundleCommand(context));
}

function graphNetCommand(context: CliContext): Command {
	const text = {
		name: "graphnet",
		description: "Count published architectures anew; parameters and flopCount / MACs must agree exactly",
		examples: ["validate graphnet --file released-architectures.json"],
	};
	return newCommand(context, text)
		.option("--file <file>", "a file of published GraphNet architectures with their counts")
		.action(async ({ file, ...options }: CommonOptions & { readonly file?: string }) => {
			if (file === undefined) throw invalidArgument("--file", "name a file of published architectures");
			const json = await readJsonFile("--file", file);
			const rows = await naming("", `--file ${file}`, () => recount(json));
			printResult(context, options, rows, describeRows);
			const wrong = rows.filter(({ agrees }) => !agrees).length;
			if (wrong > 0) throw failed(`${wrong} of ${rows.length} architectures are counted differently.`);
		});
}

function bundleCommand(context: CliContext): Command {
	const text = {
		name: "bundle",
		description: "Verify a bundle's files, load every model in it and run each once",
		examples: ["validate bundle --model default"],
	};
	return addModelOptions(newCommand(context, text)).action(async (options: ModelOptions & CommonOptions) => {
		const bundle = await openModel(options, context);
		const checks = await validateModels(bundle, await bundleCellFiles(bundle), context.signal);
		printResult(context, options, { ...verified(bundle.manifest), ...checks }, (result) => fields(result));
	});
}

/** One published architecture, as published and as counted here. */
interface Recount {
	readonly set: string;
	readonly index: number;
	readonly parameterCount: number;
	readonly publishedParameterCount: number;
	readonly flopCount: number;
	readonly publishedFlopCount: number;
	readonly agrees: boolean;
}

function recount(json: unknown): Recount[] {
	return graphNetFileFromJson(json).map(({ set, index, network, ...published }) => {
		const { parameterCount, flopCount } = countNetwork(network);
		const { publishedParameterCount = Number.NaN, publishedFlopCount = Number.NaN } = published;
		const agrees = parameterCount === publishedParameterCount && flopCount === publishedFlopCount;
		return { set, index, parameterCount, publishedParameterCount, flopCount, publishedFlopCount, agrees };
	});
}

function describeRows(rows: readonly Recount[]): string {
	const head = ["set", "index", "parameterCount", "published", "flopCount", "published", "agrees"];
	return table(
		head,
		rows.map((row) => [
			row.set,
			row.index,
			row.parameterCount,
			row.publishedParameterCount,
			row.flopCount,
			row.publishedFlopCount,
			row.agrees ? "yes" : "no",
		]),
	);
}

function failed(message: string): ArchgenError {
	return new ArchgenError({ category: "FAILED_PRECONDITION", reason: "VALIDATION_FAILED", message });
}
