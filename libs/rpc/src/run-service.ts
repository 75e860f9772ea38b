import { ArchgenError } from "@archgen/errors";
import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import type { z } from "zod";
import { helpText } from "./config/describe-settings.js";
import { loadConfig } from "./config/load-config.js";
import { createLogger, type Logger } from "./logger.js";
import { stopOnSignals } from "./server/signals.js";
import { startTracing } from "./tracing/start-tracing.js";

/** What a started service looks like from outside. */
export interface StartedService {
	/** `host:port`. */
	readonly address: string;
	/** `host:port` of the metrics, where they are served. */
	readonly metricsAddress?: string | undefined;
	/** Stops gracefully; idempotent. */
	stop(): Promise<void>;
}

/** What a service process that cannot start tells a parent that gave it an IPC channel. */
export type StartFailure = Pick<ArchgenError, "category" | "reason" | "message">;

/**
 * The main function of a service process: reads the configuration, starts, prints one JSON line `{"service","address"}` on
 * standard output when calls are answered, and stops as `stopOnSignals` says. A failure to start is one sentence on
 * standard error, or a {@link StartFailure} sent to the parent, and exit code 2 for a wrong setting, 1 for everything else; a
 * service's own mistakes keep their stack. Traces are recorded where OpenTelemetry's variables ask for it.
 */
export async function runService<T extends z.ZodObject>(
	service: string,
	settings: T,
	start: (config: z.output<T>) => Promise<StartedService>,
): Promise<void> {
	// grpc-js writes plain text on standard error, where our lines are JSON; what matters reaches us as errors anyway.
	setLogVerbosity(logVerbosity.NONE);
	if (process.argv.slice(2).some((flag) => flag === "--help" || flag === "-h")) {
		process.stdout.write(helpText(service, settings));
		return;
	}
	const logger = createLogger({ service });
	logWarnings(logger);
	try {
		const config = loadConfig(settings, { flags: process.argv.slice(2), environment: process.env });
		const stopTracing = await startTracing(service, { environment: process.env, logger });
		const started = await start(config);
		stopOnSignals(() => started.stop().finally(stopTracing));
		process.stdout.write(`${JSON.stringify({ service, address: started.address })}\n`);
	} catch (failure) {
		if (!(failure instanceof ArchgenError)) {
			throw failure;
		}
		process.exitCode = failure.category === "INVALID_ARGUMENT" ? 2 : 1;
		sayWhy(service, failure);
	}
}

/** Writes warnings of Node and of libraries as lines of the log, instead of plain text between them. */
function logWarnings(logger: Logger): void {
	process.removeAllListeners("warning");
	process.on("warning", ({ name, message, stack }) =>
		logger.warn({ warning: name, problem: message, stack }, "warning"),
	);
}

function sayWhy(service: string, { category, reason, message }: ArchgenError): void {
	if (process.send === undefined) {
		process.stderr.write(`${service}: ${message}\n`);
		return;
	}
	const failure: StartFailure = { category, reason, message };
	process.send(failure, () => process.disconnect());
}
