import { ScoringPool } from "@archgen/proxies";
import { createLogger, createServer, type StartedService, serverConfig } from "@archgen/rpc";
import { Admission } from "./admission.js";
import { Batches } from "./batches.js";
import { Evaluator } from "./evaluator.js";
import { zcProxyService } from "./service.js";
import type { ZcProxySettings } from "./settings.js";

/** Starts the service; it scores in worker processes, so health checks are answered while every core is busy. */
export async function startZcProxy(settings: ZcProxySettings): Promise<StartedService> {
	const { workers, threadsPerWorker, queueSize, images, logLevel } = settings;
	const batches = new Batches(images);
	await batches.check();
	const pool = ScoringPool.create({ workers, threadsPerWorker });
	const evaluator = new Evaluator(pool, batches);
	try {
		const server = await createServer({
			...serverConfig(settings),
			services: [zcProxyService(evaluator, new Admission(queueSize, workers), workers)],
			logger: createLogger({ service: "zc-proxy", level: logLevel }),
		});
		return { address: server.address, stop: () => server.stop().finally(() => pool.close()) };
	} catch (failure) {
		await pool.close();
		throw failure;
	}
}
