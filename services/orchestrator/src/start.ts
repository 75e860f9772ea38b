import { join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import {
	Jobs,
	LazyEngine,
	modelOf,
	type Probe,
	pretrainedFolder,
	requireNewVersion,
	type TrainingRequest,
} from "@archgen/jobs";
import { FolderModelStore } from "@archgen/models";
import {
	createLogger,
	createServer,
	type Logger,
	orchestrator,
	readPem,
	ServiceMetrics,
	type StartedService,
	serveMetrics,
	serverConfig,
} from "@archgen/rpc";
import type { ServedModelFacts } from "./cell-generators.js";
import { operationsService } from "./evolution-jobs/operations-service.js";
import { remoteSearch } from "./evolution-jobs/search.js";
import { evolutionJobService } from "./evolution-jobs/service.js";
import { specReader } from "./evolution-jobs/spec-reader.js";
import { Exporter } from "./exporter.js";
import { Generator } from "./generator.js";
import { LocalCells } from "./local-cells.js";
import { Models } from "./models.js";
import { Promotions } from "./promotion.js";
import { PromotionGate } from "./promotion-gate.js";
import { orchestratorService } from "./service.js";
import type { OrchestratorSettings } from "./settings.js";
import { createUpstream } from "./upstream.js";

const TRIAL = { inputSize: 32, classCount: 10, candidates: 1, topK: 1, skipScoring: true };

/**
 * Starts the service. The services that it composes may start later; calls that need them wait a little and then fail. Jobs
 * that an earlier process left behind go on.
 *
 * @param probe for crash tests, told of every write of a job
 */
export async function startOrchestrator(
	settings: OrchestratorSettings,
	probe: Probe = () => {},
): Promise<StartedService> {
	const logger = createLogger({ service: "orchestrator", level: settings.logLevel });
	const upstream = createUpstream(settings);
	const store = new FolderModelStore(settings.models);
	const promotions = new Promotions(store, (_, version) => tryVersion(generator, version, logger));
	const { model } = settings.jobs;
	const models = new Models(store);
	const local = new LocalCells(store, model);
	const facts: ServedModelFacts = {
		promoted: () => promotions.served(model),
		generatorsOf: (version) => models.generatorsOf(model, version),
	};
	const generator = new Generator(upstream, settings.scoring, facts, local);
	const engine = new LazyEngine(jobSettings(settings), {
		modelOf: (spec) => modelOf(spec, store, model),
		// Jobs wait for ever, and say at once what they wait for.
		search: (job, report) => remoteSearch(job, { ...upstream, patienceMs: 0 }, local, report),
		training: {
			models: store,
			model,
			folder: join(settings.jobs.data, "trainings"),
			threads: settings.jobs.trainingThreads,
			pretrained: settings.jobs.pretrainedFolder,
			logger,
		},
		probe,
		logger,
	});
	const describe = async (version: string) =>
		(await models.get({ name: `models/${model}/versions/${version}` })).model;
	const requireTrainable = async ({ version, pretrained }: TrainingRequest) => {
		if (pretrained !== undefined) pretrainedFolder(settings.jobs.pretrainedFolder);
		await requireNewVersion(store, model, version);
	};
	const jobs = new Jobs(engine);
	const metrics = new ServiceMetrics();
	const served = await serveMetrics(metrics, settings);
	try {
		const server = await createServer({
			...serverConfig(settings),
			services: [
				orchestratorService(
					generator,
					models,
					promotions,
					new PromotionGate(store, generator, settings.gate),
					new Exporter(settings.exports),
				),
				evolutionJobService(jobs, specReader(upstream, settings.scoring, facts), requireTrainable),
				operationsService(jobs, describe),
			],
			logger,
			observe: metrics.observe,
		});
		if (settings.jobs.resumeAtStart) void engine.resume(logger);
		const stop = async () => {
			await server.stop();
			await engine.stop();
			await local.close();
			upstream.close();
			await served.stop();
		};
		return { address: server.address, metricsAddress: served.address, stop };
	} catch (failure) {
		await local.close();
		upstream.close();
		await served.stop();
		throw failure;
	}
}

/** With the names that other tools have for the same: DATABASE_URL, and DBOS__VMID for the executor. */
function jobSettings({ jobs }: OrchestratorSettings): OrchestratorSettings["jobs"] {
	const { DATABASE_URL, DBOS__VMID } = process.env;
	return {
		...jobs,
		databaseUrl: databaseUrl(jobs.databaseUrl ?? (DATABASE_URL || undefined), jobs.databasePasswordFile),
		executorId: jobs.executorId ?? (DBOS__VMID || undefined),
	};
}

function databaseUrl(text: string | undefined, passwordFile: string | undefined): string | undefined {
	if (text === undefined || passwordFile === undefined) return text;
	if (!URL.canParse(text))
		throw invalidArgument("jobs.databaseUrl", "must be a URL, e.g. postgresql://user@host/database.");
	const url = new URL(text);
	url.password = encodeURIComponent(
		readPem("jobs.databasePasswordFile", passwordFile).toString("utf8").trim(),
	);
	return url.href;
}

/** Has all services load a version and answer one small request with it, so that it is ready when it is promoted. */
async function tryVersion(generator: Generator, modelVersion: string, logger: Logger): Promise<void> {
	const spec = orchestrator.GenerationSpec.fromPartial({ ...TRIAL, modelVersion });
	await generator.generate(spec, { signal: new AbortController().signal, logger });
}
