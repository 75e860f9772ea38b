import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const zcProxySettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50051),
	/** Worker processes; each scores one network at a time. */
	workers: z.number().int().min(1).max(256).default(2),
	/** Threads of each worker. */
	threadsPerWorker: z.number().int().min(1).max(256).default(1),
	/** Memory that each worker may need, in bytes; larger evaluations are refused with the figure. */
	workerMemoryBytes: z
		.number()
		.int()
		.min(2 ** 29)
		.default(4 * 2 ** 30),
	/** Items that may be running or waiting; more are refused with RESOURCE_EXHAUSTED. */
	queueSize: z.number().int().min(1).default(256),
	/** Scores kept in memory, so that nothing is scored twice; some 300 bytes each. */
	cacheEntries: z.number().int().min(1).default(100_000),
	/** File that keeps them over restarts as well; one for each process. */
	cacheFile: z.string().min(1).optional(),
	/** Port of the metrics for Prometheus and autoscalers, over plain HTTP at `/metrics`; 0 takes a free one, none unless given. */
	metricsPort: z.number().int().min(0).max(65535).optional(),
	/** Host to bind for metrics. They hold numbers only, so other hosts need no TLS. */
	metricsHost: z.string().min(1).default("127.0.0.1"),
	/** File of real 32x32 images for networks of that size; synthetic images are drawn otherwise. */
	images: z.string().min(1).optional(),
});

/** Settings of the service, validated. */
export type ZcProxySettings = z.output<typeof zcProxySettings>;
