import { setTimeout as sleep } from "node:timers/promises";
import { invalidArgument } from "@archgen/errors";
import { context, DiagLogLevel, diag, propagation, trace } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { Logger } from "../logger.js";
import { setTracing } from "./tracer.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Time that spans may take to reach the collector when a process ends, in milliseconds. */
const FLUSH_MS = 2_000;

/**
 * True where OpenTelemetry's standard variables ask for traces: OTEL_TRACES_EXPORTER=otlp, or an endpoint in OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. OTEL_SDK_DISABLED=true and OTEL_TRACES_EXPORTER=none turn them off.
 *
 * @throws INVALID_ARGUMENT naming the variable for an exporter or a protocol that there is not
 */
export function wantsTraces(environment: Environment): boolean {
	const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER: exporter } = environment;
	if (OTEL_SDK_DISABLED?.toLowerCase() === "true" || exporter === "none") return false;
	const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
	if (!exporter && !endpoint) return false;
	if (exporter && exporter !== "otlp")
		throw invalidArgument("OTEL_TRACES_EXPORTER", `must be otlp or none, not ${exporter}.`);
	for (const name of ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"]) {
		const protocol = environment[name];
		if (protocol && protocol !== "http/protobuf")
			throw invalidArgument(name, `must be http/protobuf, not ${protocol}.`);
	}
	return true;
}

/**
 * Records spans and sends them to the collector that OpenTelemetry's variables name; does nothing, and loads nothing, unless they ask for it.
 *
 * @param service name of the service; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES add to it
 * @returns sends what is left and ends the recording
 * @throws INVALID_ARGUMENT as {@link wantsTraces}
 */
export async function startTracing(
	service: string,
	{ environment, logger }: { readonly environment: Environment; readonly logger: Logger },
): Promise<() => Promise<void>> {
	if (!wantsTraces(environment)) return async () => {};
	const [{ OTLPTraceExporter }, { BatchSpanProcessor }] = await Promise.all([
		import("@opentelemetry/exporter-trace-otlp-proto"),
		import("@opentelemetry/sdk-trace-node"),
	]);
	const tell = (problem: string, ...more: unknown[]) => logger.warn({ problem, more }, "traces");
	const ignore = () => {};
	diag.setLogger(
		{ error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore },
		{ logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
	);
	return recordSpans(service, [new BatchSpanProcessor(new OTLPTraceExporter())]);
}

/** Records spans of this process and hands them to processors. @returns ends that */
export async function recordSpans(
	service: string,
	spanProcessors: SpanProcessor[],
): Promise<() => Promise<void>> {
	const [{ NodeTracerProvider }, { detectResources, envDetector, resourceFromAttributes }] =
		await Promise.all([import("@opentelemetry/sdk-trace-node"), import("@opentelemetry/resources")]);
	const resource = resourceFromAttributes({ "service.name": service }).merge(
		detectResources({ detectors: [envDetector] }),
	);
	const provider = new NodeTracerProvider({ resource, spanProcessors });
	provider.register();
	setTracing(true);
	return async () => {
		setTracing(false);
		const late = new AbortController();
		const end = provider.shutdown().catch(() => {});
		// A collector that is gone must not keep a service from ending.
		await Promise.race([end, sleep(FLUSH_MS, undefined, { signal: late.signal }).catch(() => {})]);
		late.abort();
		for (const api of [trace, context, propagation, diag]) api.disable();
	};
}
