import { modelSettings, serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const gvaeSettings = serverSettings.extend(modelSettings.shape).extend({
	port: z.number().int().min(0).max(65535).default(50052).describe("Port to bind; 0 takes a free one."),
	workers: z.number().int().min(1).max(64).default(1).describe("Worker threads."),
	threadsPerWorker: z.number().int().min(1).max(256).default(1).describe("Threads of each worker."),
});

/** Settings of the service, validated. */
export type GvaeSettings = z.output<typeof gvaeSettings>;
