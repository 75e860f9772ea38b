import { repeat } from "@archgen/concurrency";
import type { ArchgenError } from "@archgen/errors";
import { type ServerSettings, serverConfig } from "./config/server-settings.js";
import { createLogger } from "./logger.js";
import { ServiceMetrics, serveMetrics } from "./metrics.js";
import type { StartedService } from "./run-service.js";
import { createServer } from "./server/create-server.js";
import type { ImplementedService } from "./server/implementation.js";

/** What happened to the model that a service answers with. */
export type ModelChange =
	| { readonly identity: { readonly name: string; readonly version: string } }
	| { readonly error: ArchgenError };

/** The part of a served model that the life of a service needs. */
export interface Refreshable {
	/** Loads the version that should be served unless it is; never rejects. */
	refresh(): Promise<void>;
	close(): Promise<void>;
}

/** Settings that {@link startModelService} reads. */
export interface ModelServiceSettings extends ServerSettings {
	readonly model: string;
	readonly modelRefreshMs: number;
}

/** What makes up a service that answers with models. */
export interface ModelService<M extends Refreshable> {
	readonly name: string;
	/** Makes the model; it is told whom to inform of changes. */
	readonly serve: (onChange: (change: ModelChange) => void) => M;
	readonly services: (model: M) => readonly ImplementedService[];
	/** Frees what else the service holds. */
	readonly close: () => Promise<void>;
}

/**
 * Starts a service that answers with models. Without a usable bundle it starts all the same and says so: its calls fail with
 * the reason, its health as `models/NAME` is NOT_SERVING, and it looks for a new version every `modelRefreshMs`.
 */
export async function startModelService<M extends Refreshable>(
	settings: ModelServiceSettings,
	{ name, serve, services, close }: ModelService<M>,
): Promise<StartedService> {
	const logger = createLogger({ service: name, level: settings.logLevel });
	const metrics = new ServiceMetrics();
	metrics.gauge("archgen_model_serving", "1 while a model is served, else 0.", () => Number(health.serving));
	const health = { set: (_serving: boolean) => {}, serving: false };
	const model = serve((change) => {
		if ("identity" in change) {
			health.serving = true;
			logger.info(change.identity, "model serving");
		} else {
			logger.warn({ reason: change.error.reason, problem: change.error.message }, "model refused");
		}
		health.set(health.serving);
	});
	const closers = [() => model.close(), close];
	const release = async () => {
		for (const closer of closers) await closer();
	};
	try {
		await model.refresh();
		const served = await serveMetrics(metrics, settings);
		closers.push(served.stop);
		const server = await createServer({
			...serverConfig(settings),
			services: services(model),
			logger,
			observe: metrics.observe,
		});
		health.set = (serving) => server.setHealth(`models/${settings.model}`, serving);
		health.set(health.serving);
		const stopRefreshing = repeat(() => model.refresh(), settings.modelRefreshMs);
		const stop = async () => {
			stopRefreshing();
			await server.stop();
			await release();
		};
		let stopping: Promise<void> | undefined;
		return {
			address: server.address,
			metricsAddress: served.address,
			stop: () => {
				stopping ??= stop();
				return stopping;
			},
		};
	} catch (failure) {
		await release();
		throw failure;
	}
}
