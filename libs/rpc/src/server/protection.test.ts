import { type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { throwIfAborted } from "@archgen/errors";
import { Client, credentials } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import { afterEach, expect, test } from "vitest";
import { eventually, startSample } from "../../testing/sample-server.js";
import { createClient, orchestrator, zcproxy } from "../index.js";
import type { CallContext } from "./call-context.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(...args: Parameters<typeof startSample>) {
	const sample = await startSample(...args);
	const proxies = createClient(zcproxy.ZcProxyServiceService, {
		address: sample.server.address,
		maxAttempts: 1,
	});
	const networks = createClient(orchestrator.OrchestratorServiceService, {
		address: sample.server.address,
		maxAttempts: 1,
	});
	cleanups.push(
		() => sample.server.stop(),
		() => proxies.close(),
		() => networks.close(),
	);
	return { ...sample, proxies, networks };
}

const empty = () => zcproxy.EvaluateBatchRequest.fromPartial({});

/** Sends the head of a message and a part of its body over bare HTTP/2; resolves with the gRPC status once there is one. */
function sendHalf(session: ReturnType<typeof connectHttp2>, method: string, bytes: number) {
	const stream: ClientHttp2Stream = session.request({
		":method": "POST",
		":path": method,
		"content-type": "application/grpc",
		te: "trailers",
	});
	stream.on("error", () => {});
	const head = Buffer.alloc(5);
	head.writeUInt32BE(bytes, 1);
	stream.write(head);
	stream.write(Buffer.alloc(bytes - 1));
	return new Promise<string>((resolve) => {
		stream.on("response", (headers) => resolve(String(headers["grpc-status"])));
		stream.on("trailers", (trailers) => resolve(String(trailers["grpc-status"])));
	});
}

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of messages);
}

const BATCH = "/archgen.zcproxy.v1.ZcProxyService/EvaluateBatch";

test("half-sent requests cannot take more than their share of memory, and others are still answered", async () => {
	const limits = { maxUnfinishedBytes: 8 * 2 ** 20, drainMs: 0 };
	const { server, proxies, lines } = await start({}, { limits });
	const session = connectHttp2(`http://${server.address}`, { maxSessionMemory: 1000 });
	cleanups.push(() => session.destroy());
	const refused: string[] = [];
	for (let i = 0; i < 60; i += 1) void sendHalf(session, BATCH, 2 ** 20).then((code) => refused.push(code));
	// Eight of a mebibyte fit, so at most eight are still waited for.
	await eventually(() => refused.length >= 52);
	expect(new Set(refused)).toEqual(new Set(["8"]));
	await expect(proxies.evaluateBatch(empty())).resolves.toBeDefined();
	expect(lines).toContainEqual(
		expect.objectContaining({ reason: "TOO_MANY_UNFINISHED_REQUESTS", method: BATCH }),
	);
});

test("a request that does not arrive completely is given up after its time", async () => {
	const { server } = await start({}, { limits: { requestTimeoutMs: 100, drainMs: 0 } });
	const session = connectHttp2(`http://${server.address}`);
	cleanups.push(() => session.destroy());
	expect(await sendHalf(session, BATCH, 1000)).toBe("4");
});

test("idle streams take no place of calls that compute, and are ended after a while", async () => {
	const { server, proxies } = await start(
		{},
		{ limits: { maxConcurrentCalls: 2, maxStreamIdleMs: 1500, drainMs: 0 } },
	);
	const idle = Array.from({ length: 20 }, () =>
		drain(
			proxies.evaluateStream(
				(async function* () {
					await new Promise(() => {});
				})(),
			),
		),
	).map((stream) =>
		stream.then(
			() => "ended",
			(failure: { reason: string }) => failure.reason,
		),
	);
	await expect(proxies.evaluateBatch(empty())).resolves.toBeDefined();
	expect(server.activeCalls()).toBe(0);
	expect(new Set(await Promise.all(idle))).toEqual(new Set(["STREAM_IDLE"]));
});

test("readiness tells that all places are taken, liveness goes on", async () => {
	let release = () => {};
	const gate = new Promise<void>((resolve) => {
		release = resolve;
	});
	const evaluateBatch = async () => {
		await gate;
		return zcproxy.EvaluateBatchResponse.fromPartial({});
	};
	const { server, proxies } = await start(
		{ evaluateBatch },
		{ limits: { maxConcurrentCalls: 1, drainMs: 0 } },
	);
	const client = new Client(server.address, credentials.createInsecure());
	cleanups.push(() => client.close());
	const { requestSerialize, responseDeserialize, path } = healthService.Check!;
	const health = (service: string) =>
		new Promise<string>((resolve, reject) =>
			client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (failure, reply) =>
				failure ? reject(failure) : resolve((reply as { status: string }).status),
			),
		);
	expect(await health("readiness")).toBe("SERVING");
	const running = proxies.evaluateBatch(empty());
	await eventually(() => server.activeCalls() === 1);
	expect(await health("readiness")).toBe("NOT_SERVING");
	expect(await health("")).toBe("SERVING");
	release();
	await running;
	expect(await health("readiness")).toBe("SERVING");
});

test("connections above the limit are closed, those that there are go on", async () => {
	const { server, proxies } = await start({}, { limits: { maxConnections: 1, drainMs: 0 } });
	await proxies.evaluateBatch(empty());
	const second = connectHttp2(`http://${server.address}`);
	await new Promise((resolve) => second.on("error", () => {}).on("close", resolve));
	await expect(proxies.evaluateBatch(empty())).resolves.toBeDefined();
});

test.each([
	[{ spec: { constraints: { maxParameterCount: 2n ** 63n - 1n } } }, "spec.constraints.max_parameter_count"],
	[{ spec: { modelVersion: "a\0b" } }, "spec.model_version"],
	[{ requestId: "x".repeat(2000) }, "request_id"],
	[{ spec: { latencyTable: { device: "\0" } } }, "spec.latency_table.device"],
])("fields that no service takes are named: %#", async (request, field) => {
	const { networks } = await start();
	const message = orchestrator.GenerateNetworksUnaryRequest.fromPartial(request);
	await expect(networks.generateNetworksUnary(message)).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [{ field }],
	});
});

test("what was sent is said exactly; a seed of 64 bits is taken", async () => {
	const { networks } = await start();
	const call = (request: Parameters<typeof orchestrator.GenerateNetworksUnaryRequest.fromPartial>[0]) =>
		networks.generateNetworksUnary(orchestrator.GenerateNetworksUnaryRequest.fromPartial(request));
	await expect(call({ spec: { constraints: { minMacCount: 9007199254740993n } } })).rejects.toThrow(
		"must be at most 9007199254740991, not 9007199254740993",
	);
	await expect(call({ spec: { seed: 2n ** 64n - 1n } })).resolves.toBeDefined();
});

test("bytes that are no message are the caller's mistake", async () => {
	const { server } = await start();
	const client = new Client(server.address, credentials.createInsecure());
	cleanups.push(() => client.close());
	const identity = (bytes: Buffer) => bytes;
	const failure = await new Promise<{ code: number }>((resolve) =>
		client.makeUnaryRequest(BATCH, identity, identity, Buffer.from([0xff, 0xff, 0xff]), (error) =>
			resolve(error as { code: number }),
		),
	);
	expect(failure.code).toBe(3);
});

test("work that a stopping server breaks off is UNAVAILABLE, however the work says so", async () => {
	const generateNetworksUnary = async (_: unknown, { signal }: CallContext) => {
		for (;;) {
			throwIfAborted(signal);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	};
	const { server, networks } = await start({}, { limits: { drainMs: 20 } }, { generateNetworksUnary });
	const running = networks.generateNetworksUnary(orchestrator.GenerateNetworksUnaryRequest.fromPartial({}));
	const failure = running.catch((error: unknown) => error);
	await eventually(() => server.activeCalls() === 1);
	await server.stop();
	expect(await failure).toMatchObject({ category: "UNAVAILABLE", reason: "SERVER_STOPPED" });
});

test("refused, cancelled and late calls leave a line with reason and identifier", async () => {
	const evaluateBatch = (_: unknown, { signal }: CallContext) =>
		new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
	const { server, proxies, lines } = await start(
		{ evaluateBatch },
		{ limits: { maxConcurrentCalls: 1, drainMs: 0 } },
	);
	const request = (requestId: string) => zcproxy.EvaluateBatchRequest.fromPartial({ requestId });
	const controller = new AbortController();
	const cancelled = proxies.evaluateBatch(request("first"), { signal: controller.signal });
	await eventually(() => server.activeCalls() === 1);
	await expect(proxies.evaluateBatch(request("second"))).rejects.toThrow();
	controller.abort();
	await expect(cancelled).rejects.toThrow();
	await eventually(() => server.activeCalls() === 0);
	// Long enough to reach the server on a busy machine: it has no line for a call that it never saw.
	await expect(proxies.evaluateBatch(request(""), { deadlineMs: 1000 })).rejects.toThrow();
	await eventually(() => lines.length >= 3);
	expect(lines.map(({ reason, requestId }) => [reason, requestId])).toEqual([
		["TOO_MANY_CALLS", "second"],
		["CANCELLED", "first"],
		["DEADLINE_EXCEEDED", expect.stringMatching(/^[0-9a-f-]{36}$/)],
	]);
});
