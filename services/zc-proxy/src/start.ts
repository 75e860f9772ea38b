import { ScoringPool } from "@archgen/proxies";
import { createLogger, createServer, type StartedService, serveMetrics, serverConfig } from "@archgen/rpc";
import { Admission } from "./admission.js";
import { Batches } from "./batches.js";
import { CachedScorer } from "./cached-scorer.js";
import { Evaluator } from "./evaluator.js";
import { Metrics } from "./metrics.js";
import { ScoreCache } from "./score-cache.js";
import { ScoreFile } from "./score-file.js";
import { zcProxyService } from "./service.js";
import type { ZcProxySettings } from "./settings.js";

/** Starts the service; it scores in worker processes, so health checks are answered while every core is busy. */
export async function startZcProxy(settings: ZcProxySettings): Promise<StartedService> {
	const { workers, threadsPerWorker, queueSize, images, logLevel, cacheEntries, cacheFile } = settings;
	const logger = createLogger({ service: "zc-proxy", level: logLevel });
	const batches = new Batches(images);
	await batches.check();
	const file =
		cacheFile === undefined
			? undefined
			: ScoreFile.open(cacheFile, cacheEntries, (err) => logger.warn({ err }, "scores are no longer kept"));
	const pool = ScoringPool.create({ workers, threadsPerWorker });
	const closers: (() => Promise<void>)[] = [() => pool.close(), async () => file?.close()];
	const close = async () => {
		for (const closer of closers.splice(0)) {
			await closer();
		}
	};
	try {
		const cache = new ScoreCache(cacheEntries, file);
		const admission = new Admission(queueSize, workers);
		const metrics = new Metrics({ admission, places: queueSize, pool, cache });
		const scorer = new CachedScorer(pool, cache);
		const evaluator = new Evaluator(scorer, batches, metrics, settings.workerMemoryBytes);
		const served = await serveMetrics(metrics, settings);
		closers.unshift(served.stop);
		const server = await createServer({
			...serverConfig(settings),
			services: [zcProxyService(evaluator, admission, workers)],
			logger,
			observe: metrics.observe,
		});
		return {
			address: server.address,
			metricsAddress: served.address,
			stop: () => server.stop().finally(close),
		};
	} catch (failure) {
		await close();
		throw failure;
	}
}
