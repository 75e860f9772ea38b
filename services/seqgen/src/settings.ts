import { modelSettings, serverSettings } from "@archgen/rpc";
import { z } from "zod";

/** Settings of the service. */
export const seqgenSettings = serverSettings.extend(modelSettings.shape).extend({
	port: z.number().int().min(0).max(65535).default(50054).describe("Port to bind; 0 takes a free one."),
	threads: z.number().int().min(1).max(256).default(1).describe("Threads of the model's session."),
});

/** Settings of the service, validated. */
export type SeqgenSettings = z.output<typeof seqgenSettings>;
