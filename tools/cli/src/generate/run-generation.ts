import {
	type Answer,
	answerFromMessage,
	ask,
	askedFor,
	checkQuestion,
	inOptionsOf,
	keepLastAnswer,
	networksOf,
	type Question,
	reach,
	startGroup,
	writeAnswer,
} from "@archgen/client";
import { invalidArgument } from "@archgen/errors";
import { outputFolder } from "@archgen/files";
import { findGenerator } from "@archgen/models";
import type { ClientConfig } from "@archgen/rpc";
import { modelsFolder, openModel } from "../bundle/model-folder.js";
import type { CliContext } from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { checkImages } from "../files/image-source.js";
import { programOf } from "../services/programs.js";

/** Where to ask, and what to do with the answer. */
export interface GenerationRun extends Question {
	/** Orchestrator to ask; the services are started here unless given. */
	readonly connection?: ClientConfig | undefined;
	readonly models?: string | undefined;
	readonly model: string;
	/** Scoring processes of services that are started here. */
	readonly workers: number;
	readonly images?: string | undefined;
	/** Folder to write networks to. */
	readonly out?: string | undefined;
	/** How many of them, best first. */
	readonly written: number;
}

/** Options for services that are started here mean nothing to one that runs already. */
function refuseOwn({ images, models }: GenerationRun): void {
	const remedy = "goes with services started here, not with --address; start those with it: archgen serve";
	if (images !== undefined) throw invalidArgument("--images", `${remedy} --images ${images}`);
	if (models !== undefined) throw invalidArgument("--models", `${remedy} --models ${models}`);
}

/** Asks for networks over gRPC and writes them where wanted. */
export async function runGeneration(context: CliContext, run: GenerationRun): Promise<Answer> {
	checkQuestion(run);
	if (run.connection !== undefined) refuseOwn(run);
	if (run.out !== undefined) await outputFolder("--out", run.out);
	const result = await (run.connection === undefined
		? askOwnServices(context, run)
		: askRunningServices(context, run.connection, run));
	const answer = answerFromMessage(result);
	const networks = networksOf(result).slice(0, run.written);
	const kept = { answer, networks, asked: askedFor(run), seed: run.seed };
	if (run.out === undefined) {
		const folder = networks.length > 0 ? await keepLastAnswer(context.environment, kept) : undefined;
		if (folder !== undefined)
			context.remark(
				`The networks are kept in ${folder} until the next answer; --out DIR writes all their files.`,
			);
		return answer;
	}
	const files = await writeAnswer(run.out, kept);
	return {
		...answer,
		networks: answer.networks.map((item, i) => (files[i] ? { ...item, files: files[i] } : item)),
	};
}

async function askRunningServices(context: CliContext, connection: ClientConfig, run: GenerationRun) {
	await reach(connection, context.signal);
	return inOptionsOf(() => ask(context, connection, run));
}

async function askOwnServices(context: CliContext, run: GenerationRun) {
	// Services without a model start all the same; better to say now what is missing.
	const { models, model, modelVersion } = run;
	const { manifest } = await openModel({ models, model, ...(modelVersion && { modelVersion }) }, context);
	if (run.cellGenerator !== undefined)
		findGenerator(manifest.generators, "cells", run.cellGenerator, "--cell-generator");
	await checkImages(run.images, context);
	const progress = startProgress(context.stderr, { title: "services", total: 5 });
	const { signal } = context;
	const group = await startGroup({
		programOf,
		models: modelsFolder(run, context),
		model: run.model,
		freePorts: true,
		logLevel: "error",
		workers: run.workers,
		images: run.images,
		signal,
		progress,
	}).finally(() => progress.stop());
	try {
		return await inOptionsOf(() => ask(context, { address: group.addresses.orchestrator }, run));
	} finally {
		await group.stop();
	}
}
