import { modelSettings, serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const diffusionSettings = serverSettings.extend(modelSettings.shape).extend({
	port: z.number().int().min(0).max(65535).default(50055).describe("Port to bind; 0 takes a free one."),
	model: z.string().default("nasbench201").describe("Bundle of the search space to sample."),
	workers: z.number().int().min(1).max(64).default(1).describe("Worker threads."),
	threadsPerWorker: z.number().int().min(1).max(256).default(1).describe("Threads of each worker."),
});

/** Settings of the service, validated. */
export type DiffusionSettings = z.output<typeof diffusionSettings>;
