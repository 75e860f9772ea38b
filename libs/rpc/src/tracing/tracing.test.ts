import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSample } from "../../testing/sample-server.js";
import { createClient, inLinkedTrace, inSpan, inSpanEach, recordSpans, zcproxy } from "../index.js";
import { openServerSpan } from "./server-span.js";
import { wantsTraces } from "./start-tracing.js";

let spans: InMemorySpanExporter;
const cleanups: (() => unknown)[] = [];
let stopRecording: () => Promise<void>;
beforeEach(async () => {
	spans = new InMemorySpanExporter();
	stopRecording = await recordSpans("test", [new SimpleSpanProcessor(spans)]);
});
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
	await stopRecording();
});

async function start(...args: Parameters<typeof startSample>) {
	const sample = await startSample(...args);
	const client = createClient(zcproxy.ZcProxyServiceService, {
		address: sample.server.address,
		maxAttempts: 1,
	});
	cleanups.push(
		() => sample.server.stop(),
		() => client.close(),
	);
	return { ...sample, client };
}

const batch = (requestId = "") => zcproxy.EvaluateBatchRequest.fromPartial({ requestId });
const item = (itemId: string) => zcproxy.EvaluateStreamRequest.fromPartial({ item: { itemId } });
const EVALUATE = "archgen.zcproxy.v1.ZcProxyService/EvaluateBatch";

/** Spans that have ended, each with the name of the one it is inside of. */
function tree(): { name: string; inside: string | undefined; trace: string }[] {
	const ended = spans.getFinishedSpans();
	const names = new Map(ended.map((span) => [span.spanContext().spanId, span.name]));
	return ended.map((span) => ({
		name: `${["step", "server", "client"][span.kind]} ${span.name}`,
		inside: span.parentSpanContext && names.get(span.parentSpanContext.spanId),
		trace: span.spanContext().traceId,
	}));
}

test("one trace leads through two services and the steps of each", async () => {
	const last = await start({
		evaluateBatch: (request) =>
			inSpan("score", async () =>
				zcproxy.EvaluateBatchResponse.fromPartial({ requestId: request.requestId }),
			),
	});
	const first = await start({
		evaluateBatch: (request) => inSpan("fit", () => last.client.evaluateBatch(request)),
	});
	await inSpan("program", () => first.client.evaluateBatch(batch("r1")));
	const found = tree();
	expect(new Set(found.map(({ trace }) => trace)).size).toBe(1);
	expect(found.map(({ name, inside }) => `${name} < ${inside}`).reverse()).toEqual([
		"step program < undefined",
		`client ${EVALUATE} < program`,
		`server ${EVALUATE} < ${EVALUATE}`,
		`step fit < ${EVALUATE}`,
		`client ${EVALUATE} < fit`,
		`server ${EVALUATE} < ${EVALUATE}`,
		`step score < ${EVALUATE}`,
	]);
	const served = spans.getFinishedSpans().find(({ kind }) => kind === 1)!;
	expect(served.attributes).toMatchObject({
		"rpc.system": "grpc",
		"rpc.method": "EvaluateBatch",
		"rpc.grpc.status_code": 0,
		"archgen.request_id": "r1",
	});
});

test("streams are measured to their end, calls within them are inside", async () => {
	const { client } = await start({
		evaluateStream: async function* (requests) {
			for await (const { item } of requests)
				yield await inSpan("score", async () =>
					zcproxy.EvaluateStreamResponse.fromPartial({ result: { itemId: item?.itemId } }),
				);
		},
	});
	for await (const _ of client.evaluateStream([item("a"), item("b")]));
	expect(tree().filter(({ inside }) => inside?.endsWith("EvaluateStream"))).toHaveLength(3);
});

test("lines of the log carry request and trace, those of failed calls too", async () => {
	const { client, lines } = await start({
		evaluateBatch: async (_, { logger }) => {
			logger.info("seen");
			throw new TypeError("a defect");
		},
	});
	await expect(client.evaluateBatch(batch("r2"))).rejects.toThrow();
	const trace = tree()[0]!.trace;
	for (const msg of ["seen", "unexpected error in a handler", "call failed"])
		expect(lines).toContainEqual(expect.objectContaining({ msg, traceId: trace, requestId: "r2" }));
	const served = spans.getFinishedSpans().find(({ kind }) => kind === 1)!;
	expect([served.status.code, served.attributes["archgen.reason"]]).toEqual([2, "INTERNAL"]);
});

test("refused and cancelled calls have a span with their reason", async () => {
	const { client, server } = await start(
		{
			evaluateBatch: (_, { signal }) =>
				new Promise<never>((_resolve, reject) =>
					signal.addEventListener("abort", () => reject(signal.reason)),
				),
		},
		{ limits: { maxConcurrentCalls: 1, drainMs: 0 } },
	);
	const controller = new AbortController();
	const cancelled = client.evaluateBatch(batch(), { signal: controller.signal });
	while (server.activeCalls() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await expect(client.evaluateBatch(batch())).rejects.toThrow();
	controller.abort();
	await expect(cancelled).rejects.toThrow();
	while (spans.getFinishedSpans().length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
	const codes = spans.getFinishedSpans().map(({ attributes }) => attributes["rpc.grpc.status_code"]);
	expect(codes.sort()).toEqual([1, 1, 8, 8]);
});

test("long work is a trace of its own that links to the call which began it", async () => {
	await inSpan("create", () => inLinkedTrace("work", async () => {}, { job: "1" }));
	const [work, create] = spans.getFinishedSpans();
	expect(work!.spanContext().traceId).not.toBe(create!.spanContext().traceId);
	expect(work!.links.map((link) => link.context.spanId)).toEqual([create!.spanContext().spanId]);
	expect(work!.parentSpanContext).toBeUndefined();
});

test("items of a stream pass through its span, failures mark it", async () => {
	async function* numbers() {
		yield 1;
		throw new Error("broken");
	}
	const seen: number[] = [];
	const read = async () => {
		for await (const n of inSpanEach("numbers", numbers())) seen.push(n);
	};
	await expect(read()).rejects.toThrow("broken");
	expect(seen).toEqual([1]);
	expect(spans.getFinishedSpans()[0]).toMatchObject({ name: "numbers", status: { message: "broken" } });
});

test("health checks leave no span", () => {
	const headers = { get: () => undefined, keys: () => [] };
	openServerSpan("/grpc.health.v1.Health/Check", headers).end({ code: 0, reason: "", requestId: "" });
	expect(spans.getFinishedSpans()).toEqual([]);
});

test("without recording nothing is sent on, and the log names the caller's trace", async () => {
	const seen: unknown[] = [];
	const { client, lines } = await start({
		evaluateBatch: async (_, { metadata }) => {
			seen.push(metadata.get("traceparent")[0]);
			return inSpan("score", async () => Promise.reject(new Error("broken")));
		},
	});
	await stopRecording();
	const ended = spans.getFinishedSpans().length;
	const trace = "0af7651916cd43dd8448eb211c80319c";
	const traceparent = `00-${trace}-b7ad6b7169203331-01`;
	await expect(client.evaluateBatch(batch())).rejects.toThrow();
	await expect(client.evaluateBatch(batch(), { metadata: { traceparent } })).rejects.toThrow();
	expect(seen).toEqual([undefined, traceparent]);
	expect(spans.getFinishedSpans()).toHaveLength(ended);
	const failed = lines.filter(({ msg }) => msg === "call failed");
	expect(failed.map(({ traceId }) => traceId)).toEqual([undefined, trace]);
});

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };
test.each([
	[{}, false],
	[{ OTEL_TRACES_EXPORTER: "otlp" }, true],
	[ENDPOINT, true],
	[{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces" }, true],
	[{ ...ENDPOINT, OTEL_TRACES_EXPORTER: "none" }, false],
	[{ ...ENDPOINT, OTEL_SDK_DISABLED: "TRUE" }, false],
	[{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }, true],
] as const)("the standard variables turn traces on and off: %j", (environment, on) => {
	expect(wantsTraces(environment)).toBe(on);
});

test.each([
	[{ OTEL_TRACES_EXPORTER: "zipkin" }, "OTEL_TRACES_EXPORTER"],
	[{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, "OTEL_EXPORTER_OTLP_PROTOCOL"],
] as const)("an exporter or a protocol that there is not is refused by name: %j", (environment, field) => {
	expect(() => wantsTraces(environment)).toThrow(field);
});
