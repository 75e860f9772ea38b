import { EXPORT_FORMATS } from "@archgen/exporters";
import type { ClientConfig } from "@archgen/rpc";
import { modelsFolder, openModel } from "../bundle/model-folder.js";
import type { CliContext } from "../cli/context.js";
import { startProgress } from "../cli/progress.js";
import { exportNetwork } from "../files/export-network.js";
import { checkImages } from "../files/image-source.js";
import { outputFolder } from "../files/output.js";
import { reach } from "../services/connection.js";
import { startGroup } from "../services/service-group.js";
import { type Answer, answerFromMessage, networksOf } from "./answer.js";
import { ask, type Question } from "./ask.js";
import { checkQuestion } from "./check-question.js";

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

/** Asks for networks over gRPC and writes them where wanted. */
export async function runGeneration(context: CliContext, run: GenerationRun): Promise<Answer> {
	checkQuestion(run);
	if (run.out !== undefined) await outputFolder("--out", run.out);
	const result = await (run.connection === undefined
		? askOwnServices(context, run)
		: askRunningServices(context, run.connection, run));
	const answer = answerFromMessage(result);
	if (run.out === undefined) return answer;
	const networks = networksOf(result).slice(0, run.written);
	const files: string[][] = [];
	for (const [i, network] of networks.entries())
		files.push(
			await exportNetwork(network, {
				formats: EXPORT_FORMATS,
				out: run.out,
				name: `network-${i + 1}`,
				seed: run.seed,
			}),
		);
	return {
		...answer,
		networks: answer.networks.map((item, i) => (files[i] ? { ...item, files: files[i] } : item)),
	};
}

async function askRunningServices(context: CliContext, connection: ClientConfig, run: GenerationRun) {
	await reach(connection, context.signal);
	return ask(context, connection, run);
}

async function askOwnServices(context: CliContext, run: GenerationRun) {
	// Services without a model start all the same; better to say now what is missing.
	await openModel({ models: run.models, model: run.model }, context);
	await checkImages(run.images);
	const progress = startProgress(context.stderr, { title: "services", total: 5 });
	const { signal } = context;
	const group = await startGroup({
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
		return await ask(context, { address: group.addresses.orchestrator }, run);
	} finally {
		await group.stop();
	}
}
