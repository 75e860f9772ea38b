import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BinaryReader } from "@bufbuild/protobuf/wire";

/** A span as it was sent over OTLP. */
export interface SentSpan {
	readonly service: string;
	readonly name: string;
	readonly traceId: string;
	readonly spanId: string;
	/** Empty for the first of a trace. */
	readonly parentSpanId: string;
}

/** Starts an OTLP collector (HTTP, protobuf) that keeps the spans it is sent. */
export async function startCollector() {
	const spans: SentSpan[] = [];
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on("data", (part: Buffer) => parts.push(part));
		request.on("end", () => {
			const isTraces =
				request.url === "/v1/traces" && request.headers["content-type"] === "application/x-protobuf";
			if (isTraces) spans.push(...readSpans(Buffer.concat(parts)));
			response.writeHead(isTraces ? 200 : 400, { "content-type": "application/x-protobuf" }).end();
		});
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as AddressInfo;
	const stop = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return { url: `http://127.0.0.1:${port}`, spans, stop };
}

/** Fields of a message whose content has a length, by number. */
function fieldsOf(bytes: Uint8Array): (number: number) => Uint8Array[] {
	const reader = new BinaryReader(bytes);
	const found = new Map<number, Uint8Array[]>();
	while (reader.pos < reader.len) {
		const [number, wireType] = reader.tag();
		if (wireType === 2) found.set(number, [...(found.get(number) ?? []), reader.bytes()]);
		else reader.skip(wireType);
	}
	return (number) => found.get(number) ?? [];
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8");
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");

/** Numbers of the fields: opentelemetry/proto/trace/v1/trace.proto. */
function readSpans(request: Uint8Array): SentSpan[] {
	return fieldsOf(request)(1).flatMap((resourceSpans) => {
		const all = fieldsOf(resourceSpans);
		const service = serviceOf(all(1)[0]!);
		return all(2).flatMap((scope) =>
			fieldsOf(scope)(2).map((bytes) => {
				const span = fieldsOf(bytes);
				const [traceId, spanId, parentSpanId] = [1, 2, 4].map((number) => hex(span(number)[0]));
				return {
					service,
					name: text(span(5)[0]),
					traceId: traceId!,
					spanId: spanId!,
					parentSpanId: parentSpanId!,
				};
			}),
		);
	});
}

function serviceOf(resource: Uint8Array): string {
	const attributes = fieldsOf(resource)(1).map(fieldsOf);
	const named = attributes.find((attribute) => text(attribute(1)[0]) === "service.name");
	return text(named && fieldsOf(named(2)[0]!)(1)[0]);
}
