import { modelSettings, serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service; the model is the bundle of a search space. */
export const diffusionSettings = serverSettings.extend(modelSettings.shape).extend({
	port: z.number().int().min(0).max(65535).default(50055),
	model: z.string().default("nasbench201"),
	/** Worker threads. */
	workers: z.number().int().min(1).max(64).default(1),
	/** Threads of each worker. */
	threadsPerWorker: z.number().int().min(1).max(256).default(1),
});

/** Settings of the service, validated. */
export type DiffusionSettings = z.output<typeof diffusionSettings>;
