import { invalidArgument } from "@archgen/errors";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import { eventually, startSample } from "../../testing/sample-server.js";
import { orchestrator, statusToError, zcproxy } from "../index.js";
import type { CallContext } from "./call-context.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

async function start(...args: Parameters<typeof startSample>) {
	const sample = await startSample(...args);
	const insecure = credentials.createInsecure();
	const proxies = new zcproxy.ZcProxyServiceClient(sample.server.address, insecure);
	const networks = new orchestrator.OrchestratorServiceClient(sample.server.address, insecure);
	cleanups.push(
		() => sample.server.stop(),
		() => proxies.close(),
		() => networks.close(),
	);
	return { ...sample, proxies, networks };
}

const generate = () => orchestrator.GenerateNetworksRequest.fromPartial({});
const progress = (done: number) =>
	orchestrator.GenerateNetworksResponse.fromPartial({ event: { $case: "progress", value: { done } } });
const item = (itemId: string) => zcproxy.EvaluateStreamRequest.fromPartial({ item: { itemId } });

test("a server stream arrives in order and ends", async () => {
	const { networks } = await start();
	const received: unknown[] = [];
	for await (const message of networks.generateNetworks(generate())) {
		received.push(message);
	}
	expect(received).toEqual([progress(0), progress(1), progress(2)]);
});

test("an error in the middle of a stream keeps what was sent before and carries details", async () => {
	const generateNetworks = async function* () {
		yield progress(0);
		throw invalidArgument("spec.input_size", "must be at least 16.");
	};
	const { networks, log } = await start({}, {}, { generateNetworks });
	const received: unknown[] = [];
	const failure = await new Promise<ServiceError>((resolve) => {
		networks
			.generateNetworks(generate())
			.on("data", (message) => received.push(message))
			.on("error", (error) => resolve(error as ServiceError));
	});
	expect(received).toEqual([progress(0)]);
	expect(failure.code).toBe(status.INVALID_ARGUMENT);
	expect(statusToError(failure).violations[0]?.field).toBe("spec.input_size");
	expect(log).toEqual([]);
});

test("a generator is held back when the caller does not read, and closed when the caller leaves", async () => {
	let made = 0;
	let closed = false;
	const big = orchestrator.GenerateNetworksResponse.fromPartial({ requestId: "x".repeat(100_000) });
	const generateNetworks = async function* () {
		try {
			for (; made < 2000; made += 1) {
				yield big;
			}
		} finally {
			closed = true;
		}
	};
	const { networks, server } = await start({}, {}, { generateNetworks });
	const call = networks.generateNetworks(generate());
	call.on("error", () => {});
	await eventually(() => made > 0);
	await new Promise((resolve) => setTimeout(resolve, 200));
	// 2000 messages of 100 kB are far more than the flow-control windows hold.
	expect(made).toBeLessThan(500);
	call.cancel();
	await eventually(() => closed && server.activeCalls() === 0);
});

test("a bidirectional stream answers while requests still come", async () => {
	const { proxies } = await start();
	const call = proxies.evaluateStream();
	const answers: (string | undefined)[] = [];
	call.on("data", (message: zcproxy.EvaluateStreamResponse) => answers.push(message.result?.itemId));
	call.write(item("a"));
	await eventually(() => answers.length === 1);
	call.write(item("b"));
	await eventually(() => answers.length === 2);
	const ended = new Promise((resolve) => call.on("end", resolve));
	call.end();
	await ended;
	expect(answers).toEqual(["a", "b"]);
});

test("a bidirectional handler that fails before reading everything still sends its status", async () => {
	const evaluateStream = async function* (requests: AsyncIterable<zcproxy.EvaluateStreamRequest>) {
		for await (const request of requests) {
			yield zcproxy.EvaluateStreamResponse.fromPartial({ result: { itemId: request.item?.itemId } });
			throw invalidArgument("settings", "must come with the first item.");
		}
	};
	const { proxies } = await start({ evaluateStream });
	const call = proxies.evaluateStream();
	call.on("data", () => {});
	const failed = new Promise<ServiceError>((resolve) =>
		call.on("error", (error) => resolve(error as ServiceError)),
	);
	call.write(item("a"));
	call.write(item("b"));
	expect(await failed).toMatchObject({ code: status.INVALID_ARGUMENT });
});

test("cancelling a bidirectional call releases a handler that waits for requests", async () => {
	const signals: AbortSignal[] = [];
	let left = false;
	const evaluateStream = async function* (requests: AsyncIterable<unknown>, { signal }: CallContext) {
		signals.push(signal);
		try {
			for await (const _ of requests) {
				yield zcproxy.EvaluateStreamResponse.fromPartial({});
			}
		} finally {
			left = true;
		}
	};
	const { proxies, server, log } = await start({ evaluateStream });
	const call = proxies.evaluateStream();
	call.on("error", () => {});
	await eventually(() => signals.length === 1);
	call.cancel();
	await eventually(() => left && server.activeCalls() === 0);
	expect(signals[0]!.aborted).toBe(true);
	expect(log).toEqual([]);
});
