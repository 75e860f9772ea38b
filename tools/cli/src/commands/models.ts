import { mkdir } from "node:fs/promises";
import { describeComparisons } from "@archgen/client";
import { FolderModelStore, pullFromHub, pushToHub } from "@archgen/models";
import { bundleFacts, describeManifest, describeVersions } from "@archgen/pipeline";
import type { orchestrator, RpcClient } from "@archgen/rpc";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import {
	addModelOptions,
	MODELS_OPTION,
	type ModelOptions,
	modelsFolder,
	openModel,
	openStore,
} from "../bundle/model-folder.js";
import { bareCommand, type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";
import { addAddress, type OrchestratorOptions, withOrchestrator } from "../services/connection.js";

type Options = ModelOptions & CommonOptions;

/** `archgen models …`: the bundles of a folder. */
export function modelsCommand(context: CliContext): Command {
	return bareCommand(context, "models", "List, show, verify and exchange model bundles")
		.addCommand(listCommand(context))
		.addCommand(showCommand(context))
		.addCommand(verifyCommand(context))
		.addCommand(pushCommand(context))
		.addCommand(pullCommand(context))
		.addCommand(promoteCommand(context))
		.addCommand(rollbackCommand(context));
}

function listCommand(context: CliContext): Command {
	const text = {
		name: "list",
		description: "List all versions with their labels",
		examples: ["models list --json"],
	};
	return newCommand(context, text)
		.option(...MODELS_OPTION)
		.action(async (options: Options) => {
			const versions = await openStore(options, context).list();
			printResult(context, options, versions, describeVersions);
		});
}

function showCommand(context: CliContext): Command {
	const text = {
		name: "show",
		description: "Show the manifest of a bundle: what it was trained on and how good it is",
		examples: ["models show --model default", "models show --json"],
	};
	return addModelOptions(newCommand(context, text)).action(async (options: Options) => {
		const { manifest } = await openModel(options, context);
		printResult(context, options, manifest, describeManifest);
	});
}

function verifyCommand(context: CliContext): Command {
	const text = {
		name: "verify",
		description: "Check sizes and checksums of every file of a bundle",
		examples: ["models verify --model default --model-version 1"],
	};
	return addModelOptions(newCommand(context, text)).action(async (options: Options) => {
		const { manifest } = await openModel(options, context);
		printResult(context, options, bundleFacts(manifest), (result) => fields(result));
	});
}

function pushCommand(context: CliContext): Command {
	const text = {
		name: "push",
		description:
			"Write a bundle to a folder laid out as model hubs expect: a model card with its metrics, config.json, safetensors beside ONNX; the folder may be a git clone of a hub's repository",
		examples: ["models push hub", "models push hub --model default --model-version 7 --license apache-2.0"],
	};
	return addModelOptions(newCommand(context, text))
		.argument("<folder>", "folder to write to; files of the bundle that was pushed there before are replaced")
		.option("--license <id>", "licence of the weights, for the model card")
		.action(async (folder: string, options: Options & { license?: string }) => {
			const bundle = await openModel(options, context);
			const { license } = options;
			const card = { signal: context.signal, ...(license !== undefined && { license }) };
			const files = await pushToHub(bundle, folder, card);
			const { name, version } = bundle.manifest;
			printResult(context, options, { name, version, folder, files }, (result) =>
				fields({ ...result, files: result.files.length }),
			);
		});
}

function pullCommand(context: CliContext): Command {
	const text = {
		name: "pull",
		description:
			"Check a folder that models push wrote and add its bundle; a bundle without other versions answers at once, others after models promote",
		examples: ["models pull hub", "models pull hub --models models --json"],
	};
	return newCommand(context, text)
		.argument("<folder>", "folder of a downloaded hub repository")
		.option(
			"--models <dir>",
			"folder of model bundles, created if missing; ARCHGEN_MODELS, ./models or the shipped one unless given",
		)
		.action(async (folder: string, options: Options) => {
			const target = modelsFolder(options, context);
			await mkdir(target, { recursive: true });
			const manifest = await pullFromHub(folder, new FolderModelStore(target), context.signal);
			printResult(context, options, { ...bundleFacts(manifest), models: target }, (result) => fields(result));
		});
}

function promoteCommand(context: CliContext): Command {
	const text = {
		name: "promote",
		description: "Make a version answer from now on; running services change over without failing a request",
		examples: ["models promote 2", "models promote 2 --if-not-worse --address 127.0.0.1:50050 --json"],
	};
	return addAddress(newCommand(context, text))
		.argument("<version>", "version of the bundle")
		.option("--model <name>", "name of the bundle", "default")
		.option("--if-not-worse", "refuse it if it is worse than the version that answers; takes some minutes")
		.action(async (version: string, options: ServedOptions & { ifNotWorse?: boolean }) => {
			const name = `models/${options.model}/versions/${version}`;
			const { ifNotWorse = false } = options;
			await change(context, options, (client) => client.promoteModel({ name, ifNotWorse }));
		});
}

function rollbackCommand(context: CliContext): Command {
	const text = {
		name: "rollback",
		description: "Go back to the version that answered before the last promotion",
		examples: ["models rollback", "models rollback --model default --json"],
	};
	return addAddress(newCommand(context, text))
		.option("--model <name>", "name of the bundle", "default")
		.action((options: ServedOptions) =>
			change(context, options, (client) => client.rollbackModel({ name: `models/${options.model}` })),
		);
}

type ServedOptions = OrchestratorOptions & { readonly model: string };
type Client = RpcClient<typeof orchestrator.OrchestratorServiceService>;

async function change(
	context: CliContext,
	options: ServedOptions,
	ask: (
		client: Client,
	) => Promise<orchestrator.RollbackModelResponse & Partial<orchestrator.PromoteModelResponse>>,
): Promise<void> {
	const {
		model,
		previousVersion: previous,
		comparisons = [],
	} = await withOrchestrator(context, options, ask);
	const version = model?.version?.version ?? "";
	const compared = comparisons.length > 0 && { comparisons };
	const result = { model: options.model, version, previous, ...compared };
	printResult(context, options, result, ({ comparisons: _, ...shown }) =>
		fields({ ...shown, ...describeComparisons(comparisons) }),
	);
}
