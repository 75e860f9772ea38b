import { modelSettings, serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const ccnfSettings = serverSettings.extend(modelSettings.shape).extend({
	port: z.number().int().min(0).max(65535).default(50053),
	/** Worker threads. */
	workers: z.number().int().min(1).max(64).default(2),
	/** Threads of each worker. */
	threadsPerWorker: z.number().int().min(1).max(256).default(1),
});

/** Settings of the service, validated. */
export type CcnfSettings = z.output<typeof ccnfSettings>;
