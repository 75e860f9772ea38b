import { bundleCellFiles, bundleFacts, validateModels } from "@archgen/pipeline";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { bareCommand, type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";
import { budgetsCommand } from "./validate-budgets.js";
import { graphNetCommand } from "./validate-graphnet.js";
import { gvaeCommand } from "./validate-gvae.js";
import { nasBench201Command } from "./validate-nasbench201.js";
import { validatePredictorCommand } from "./validate-predictor.js";
import { rankingCommand } from "./validate-ranking.js";

/** `archgen validate …`: checks against what is known. */
export function validateCommand(context: CliContext): Command {
	return bareCommand(
		context,
		"validate",
		"Check this program against published data, and bundles against themselves",
	)
		.addCommand(graphNetCommand(context))
		.addCommand(nasBench201Command(context))
		.addCommand(rankingCommand(context))
		.addCommand(gvaeCommand(context))
		.addCommand(validatePredictorCommand(context))
		.addCommand(bundleCommand(context))
		.addCommand(budgetsCommand(context));
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
		printResult(context, options, { ...bundleFacts(bundle.manifest), ...checks }, (result) => fields(result));
	});
}
