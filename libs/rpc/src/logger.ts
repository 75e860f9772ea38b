import { type DestinationStream, type Logger, pino } from "pino";

import { traceFields } from "./tracing/tracer.js";

export type { Logger } from "pino";

/** Fields that may hold secrets wherever they stand in a log line; their values are replaced. */
const SECRET_FIELDS = ["authorization", "token", "tokens", "privateKey", "password"];

/** Settings of {@link createLogger}. */
export interface LoggerOptions {
	/** Name that every line carries. */
	readonly service: string;
	/** Least severe level that is written; `info` unless given. */
	readonly level?: "silent" | "fatal" | "error" | "warn" | "info" | "debug" | "trace";
	/** Where lines go; standard error unless given, because standard output is for results. */
	readonly destination?: DestinationStream;
}

/** A logger that writes one JSON document a line and never a secret; lines of calls that are traced carry the trace. */
export function createLogger(options: LoggerOptions): Logger {
	return pino(
		{
			level: options.level ?? "info",
			base: { service: options.service },
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
			mixin: traceFields,
			redact: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
		},
		options.destination ?? pino.destination(2),
	);
}
