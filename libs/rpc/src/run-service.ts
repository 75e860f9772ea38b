import { ArchgenError } from "@archgen/errors";
import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import type { z } from "zod";
import { loadConfig } from "./config/load-config.js";
import { stopOnSignals } from "./server/signals.js";

/** What a started service looks like from outside. */
export interface StartedService {
	/** `host:port`. */
	readonly address: string;
	/** Stops gracefully; idempotent. */
	stop(): Promise<void>;
}

/**
 * The main function of a service process: reads the configuration, starts, prints one JSON line `{"service","address"}` on
 * standard output when calls are answered, and stops gracefully on SIGTERM and SIGINT. A failure to start is one sentence on
 * standard error and exit code 1; a service's own mistakes keep their stack.
 */
export async function runService<T extends z.ZodObject>(
	service: string,
	settings: T,
	start: (config: z.output<T>) => Promise<StartedService>,
): Promise<void> {
	// grpc-js writes plain text on standard error, where our lines are JSON; what matters reaches us as errors anyway.
	setLogVerbosity(logVerbosity.NONE);
	try {
		const config = loadConfig(settings, { flags: process.argv.slice(2), environment: process.env });
		const started = await start(config);
		stopOnSignals(() => started.stop());
		process.stdout.write(`${JSON.stringify({ service, address: started.address })}\n`);
	} catch (failure) {
		if (!(failure instanceof ArchgenError)) {
			throw failure;
		}
		process.stderr.write(`${service}: ${failure.message}\n`);
		process.exitCode = 1;
	}
}
