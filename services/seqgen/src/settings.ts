import { modelSettings, serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const seqgenSettings = serverSettings.extend(modelSettings.shape).extend({
	port: z.number().int().min(0).max(65535).default(50054),
	/** Threads of the model's session. */
	threads: z.number().int().min(1).max(256).default(1),
});

/** Settings of the service, validated. */
export type SeqgenSettings = z.output<typeof seqgenSettings>;
