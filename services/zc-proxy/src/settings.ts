import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const zcProxySettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50051),
	/** Worker processes; each scores one network at a time. */
	workers: z.number().int().min(1).max(256).default(2),
	/** Threads of each worker. */
	threadsPerWorker: z.number().int().min(1).max(256).default(1),
	/** Items that may be running or waiting; more are refused with RESOURCE_EXHAUSTED. */
	queueSize: z.number().int().min(1).default(256),
	/** File of real 32x32 images for networks of that size; synthetic images are drawn otherwise. */
	images: z.string().min(1).optional(),
});

/** Settings of the service, validated. */
export type ZcProxySettings = z.output<typeof zcProxySettings>;
