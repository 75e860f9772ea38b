import { ArchgenError, invalidArgument } from "@archgen/errors";
import type { Progress } from "@archgen/pipeline";
import { createClient, longrunning, orchestrator } from "@archgen/rpc";
import { fields } from "@archgen/text";
import type { Command } from "commander";
import { addVersionOption } from "../bundle/model-folder.js";
import { type CliContext, printResult } from "../cli/context.js";
import { newCommand } from "../cli/new-command.js";
import { integer, number } from "../cli/parsers.js";
import { startProgress } from "../cli/progress.js";
import { resumable } from "../cli/report-error.js";
import { addAddress, type JobOptions, jobName, orchestratorOf, withJobs } from "./job-client.js";

interface Options extends JobOptions {
	readonly jobs?: readonly string[];
	readonly modelVersion?: string;
	readonly base: string;
	readonly steps?: number;
	readonly seed: number;
	readonly keep?: number;
	readonly dropProbability?: number;
	readonly follow?: string;
}

/** Time that the orchestrator is asked to wait for the end before it tells how far the training is. */
const LOOK_SECONDS = 1n;

/** `archgen jobs train`: a new sequence generator from finished searches, trained by the orchestrator. */
export function jobTrainCommand(context: CliContext): Command {
	const share = number({ min: 0, max: 1 });
	const command = newCommand(context, {
		name: "train",
		description:
			"Train the sequence generator on histories of jobs, as a new version that models promote lets answer; Ctrl-C leaves it running",
		examples: [
			"jobs train --jobs cifar-1m imagenet-450m --model-version 2",
			"jobs train --follow operations/trainings/train-1f3a",
		],
	});
	addVersionOption(command, "the new version", ["bundle-version"]);
	return addAddress(command)
		.option("--jobs <ids...>", "identifiers of the jobs")
		.option("--base <version>", "version that everything else comes from; the served one unless given", "")
		.option("--steps <n>", "optimiser steps at most", integer({ min: 1, max: 1_000_000 }))
		.option("--seed <n>", "seed of the training", integer({ min: 0 }), 0)
		.option("--keep <share>", "share of each history that is worth imitating", share)
		.option("--drop-probability <p>", "probability with which a condition is dropped", share)
		.option("--follow <operation>", "follow a training that was started before")
		.action(async (options: Options) => {
			const operation = options.follow ?? (await start(context, options));
			const { name, metrics } = await follow(context, options, operation);
			const own = Object.entries(metrics).filter(([metric]) => metric.startsWith("seqgen."));
			printResult(context, options, { operation, model: name, ...Object.fromEntries(own) }, (shown) =>
				fields(shown),
			);
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
		keep: options.keep,
		dropProbability: options.dropProbability,
	});
	return withJobs(context, options, async (client) => (await client.trainSequenceGenerator(request)).name);
}

/** Looks at the operation until it is done. */
async function follow(context: CliContext, options: Options, name: string): Promise<orchestrator.Model> {
	const { stderr, signal } = context;
	const operations = createClient(longrunning.OperationsService, await orchestratorOf(options, context));
	const hint = `The training goes on; archgen jobs train --follow ${name} follows it again.`;
	let progress: Progress | undefined;
	try {
		return await resumable(signal, hint, async () => {
			for (;;) {
				const timeout = { seconds: LOOK_SECONDS, nanos: 0 };
				const { done, result, metadata } = await operations.waitOperation({ name, timeout }, { signal });
				const { step, stepCount, validationLoss } = orchestrator.TrainSequenceGeneratorMetadata.decode(
					metadata!.value,
				);
				progress ??= startProgress(stderr, { title: name, total: stepCount, start: step });
				progress.update(step, validationLoss === undefined ? "" : `loss ${validationLoss.toPrecision(4)}`);
				if (result?.$case === "error") throw failed(name, result.value.message);
				if (done && result) return orchestrator.Model.decode(result.value.value);
			}
		});
	} finally {
		progress?.stop();
		operations.close();
	}
}

function failed(name: string, message: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "TRAINING_FAILED",
		message: `${name}: ${message}`,
	});
}
