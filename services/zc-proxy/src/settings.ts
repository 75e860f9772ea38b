import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const zcProxySettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50051).describe("Port to bind; 0 takes a free one."),
	workers: z
		.number()
		.int()
		.min(1)
		.max(256)
		.default(2)
		.describe("Worker processes; each scores one network at a time."),
	threadsPerWorker: z.number().int().min(1).max(256).default(1).describe("Threads of each worker."),
	workerMemoryBytes: z
		.number()
		.int()
		.min(2 ** 29)
		.default(4 * 2 ** 30)
		.describe("Memory that each worker may need, in bytes; larger evaluations are refused with the figure."),
	queueSize: z
		.number()
		.int()
		.min(1)
		.default(256)
		.describe("Items that may be running or waiting; more are refused with RESOURCE_EXHAUSTED."),
	cacheEntries: z
		.number()
		.int()
		.min(1)
		.default(100_000)
		.describe("Scores kept in memory, so that nothing is scored twice; some 300 bytes each."),
	cacheFile: z
		.string()
		.min(1)
		.optional()
		.describe("File that keeps scores over restarts as well; one for each process."),
	images: z
		.string()
		.min(1)
		.optional()
		.describe(
			"File or folder of real images, resized to the scoring size; synthetic images are drawn unless given.",
		),
});

/** Settings of the service, validated. */
export type ZcProxySettings = z.output<typeof zcProxySettings>;
