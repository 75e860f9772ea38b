import { followTraining, jobName } from "@archgen/client";
import { invalidArgument } from "@archgen/errors";
import { orchestrator } from "@archgen/rpc";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addVersionOption } from "../bundle/model-folder.js";
import { type CliContext, integer, newCommand, number, printResult, resumable } from "../cli/index.js";
import {
	addAddress,
	type OrchestratorOptions,
	orchestratorOf,
	withJobs,
	withOrchestrator,
} from "../services/connection.js";

interface Options extends OrchestratorOptions {
	readonly jobs?: readonly string[];
	readonly modelVersion?: string;
	readonly base: string;
	readonly steps?: number;
	readonly seed: number;
	readonly keep?: number;
	readonly dropProbability?: number;
	readonly pretrained?: string;
	readonly anew?: boolean;
	readonly promote?: boolean;
	readonly follow?: string;
}

/** `archgen jobs train`: a new sequence generator from finished searches, trained by the orchestrator. */
export function jobTrainCommand(context: CliContext): Command {
	const share = number({ min: 0, max: 1 });
	const command = newCommand(context, {
		name: "train",
		description:
			"Train a new version of the sequence generator on histories of jobs and, without --anew, the kept examples of the version that it starts from; Ctrl-C leaves it running",
		examples: [
			"jobs train --jobs cifar-1m imagenet-450m --model-version 2 --promote",
			"jobs train --follow operations/trainings/train-1f3a",
		],
	});
	addVersionOption(command, "the new version", ["bundle-version"]);
	return addAddress(command)
		.option("--jobs <ids...>", "identifiers of the jobs")
		.option("--base <version>", "version to start from and copy the rest of; the served one unless given", "")
		.option("--steps <n>", "optimiser steps at most; 1000 unless given", integer({ min: 1, max: 1_000_000 }))
		.option("--seed <n>", "seed of the training", integer({ min: 0 }), 0)
		.option("--keep <share>", "share of each history to learn from, the best first; 0.5 unless given", share)
		.option("--drop-probability <p>", "probability of dropping a condition; 0.5 unless given", share)
		.option(
			"--pretrained <name>",
			"folder of GPT-Neo weights to fine-tune, below the orchestrator's setting jobs-pretrained-folder",
		)
		.option("--anew", "start from random weights and learn these histories alone")
		.option("--promote", "promote the new version at the end unless it is worse than the one that answers")
		.option("--follow <operation>", "follow a training that was started before, by the name of its operation")
		.action(async (options: Options) => {
			const operation = options.follow ?? (await start(context, options));
			const connection = await orchestratorOf(options, context);
			const hint = `The training goes on; archgen jobs train --follow ${operation} follows it again.`;
			const { name, metrics } = await resumable(context.signal, hint, () =>
				followTraining(context, connection, operation),
			);
			if (options.promote)
				await withOrchestrator(context, options, (client) => client.promoteModel({ name, ifNotWorse: true }));
			const own = Object.entries(metrics).filter(([metric]) => metric.startsWith("seqgen."));
			printResult(context, options, { operation, model: name, ...Object.fromEntries(own) }, fields);
		});
}

async function start(context: CliContext, { jobs, modelVersion, ...options }: Options): Promise<string> {
	if (jobs === undefined) throw invalidArgument("--jobs", "names the searches to train on; give one or more");
	if (modelVersion === undefined) throw invalidArgument("--model-version", "names the new version; give one");
	const request = orchestrator.TrainSequenceGeneratorRequest.fromPartial({
		evolutionJobs: jobs.map(jobName),
		version: modelVersion,
		baseVersion: options.base,
		stepCount: options.steps,
		seed: BigInt(options.seed),
		pretrained: options.pretrained ?? "",
		anew: options.anew ?? false,
		keep: options.keep,
		dropProbability: options.dropProbability,
	});
	return withJobs(context, options, async (client) => (await client.trainSequenceGenerator(request)).name);
}
