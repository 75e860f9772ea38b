import dns from "node:dns";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { afterEach, expect, type MockInstance, test, vi } from "vitest";
import { eventually, startSample } from "../../testing/sample-server.js";
import { createClient, orchestrator, waitForHealthy, zcproxy } from "../index.js";
import type { CallContext } from "../server/call-context.js";
import { channelTarget } from "./channel.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

async function start(...args: Parameters<typeof startSample>) {
	const sample = await startSample(...args);
	cleanups.push(() => sample.server.stop());
	return sample;
}

function proxiesAt(address: string, more: { maxAttempts?: number; deadlineMs?: number } = {}) {
	const client = createClient(zcproxy.ZcProxyServiceService, { address, ...more });
	cleanups.push(client.close);
	return client;
}

function networksAt(address: string) {
	const client = createClient(orchestrator.OrchestratorServiceService, { address });
	cleanups.push(client.close);
	return client;
}

const batch = (requestId = "") => zcproxy.EvaluateBatchRequest.fromPartial({ requestId });
const item = (itemId: string) => zcproxy.EvaluateStreamRequest.fromPartial({ item: { itemId } });
const untilAborted = (_: unknown, { signal }: CallContext) =>
	new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("errors come back as they were thrown", async () => {
	const thrown = invalidArgument("items", "must hold 1 to 64 items.", "BATCH_TOO_LARGE");
	const { server } = await start({ evaluateBatch: async () => Promise.reject(thrown) });
	const failure = await proxiesAt(server.address)
		.evaluateBatch(batch())
		.catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(ArchgenError);
	const { category, reason, message, violations } = thrown;
	expect(failure).toMatchObject({ category, reason, message, violations });
});

test("deadline and signal end a call", async () => {
	const { server } = await start({ evaluateBatch: untilAborted });
	const client = proxiesAt(server.address, { deadlineMs: 50 });
	await expect(client.evaluateBatch(batch())).rejects.toMatchObject({ category: "DEADLINE_EXCEEDED" });
	const controller = new AbortController();
	const call = client.evaluateBatch(batch(), { signal: controller.signal, deadlineMs: 60_000 });
	await eventually(() => server.activeCalls() === 1);
	controller.abort();
	await expect(call).rejects.toMatchObject({ category: "CANCELLED" });
	await eventually(() => server.activeCalls() === 0);
	const before = client.evaluateBatch(batch(), { signal: AbortSignal.abort() });
	await expect(before).rejects.toMatchObject({ category: "CANCELLED" });
});

test("a call that is aborted in the turn in which it starts leaves no work behind on the server", async () => {
	const { server } = await start({ evaluateBatch: untilAborted });
	const client = proxiesAt(server.address);
	await client.listProxies({});
	for (let round = 0; round < 10; round += 1) {
		const controller = new AbortController();
		const call = client.evaluateBatch(batch(), { signal: controller.signal });
		controller.abort();
		await expect(call).rejects.toMatchObject({ category: "CANCELLED" });
	}
	await new Promise((resolve) => setTimeout(resolve, 50));
	await eventually(() => server.activeCalls() === 0);
});

test("a server stream is an async iterable; leaving it cancels the call", async () => {
	let closed = false;
	const generateNetworks = async function* () {
		try {
			for (let done = 0; ; done += 1) {
				yield orchestrator.GenerateNetworksResponse.fromPartial({
					event: { $case: "progress", value: { done } },
				});
				await new Promise((resolve) => setTimeout(resolve, 1));
			}
		} finally {
			closed = true;
		}
	};
	const { server } = await start({}, {}, { generateNetworks });
	let seen = 0;
	for await (const _ of networksAt(server.address).generateNetworks(
		orchestrator.GenerateNetworksRequest.fromPartial({}),
	)) {
		seen += 1;
		if (seen === 3) {
			break;
		}
	}
	await eventually(() => closed && server.activeCalls() === 0);
});

test("a stream that fails half-way yields first and then throws the domain error", async () => {
	const generateNetworks = async function* () {
		yield orchestrator.GenerateNetworksResponse.fromPartial({});
		throw invalidArgument("spec", "is contradictory.", "CONTRADICTION");
	};
	const { server } = await start({}, {}, { generateNetworks });
	const call = networksAt(server.address).generateNetworks(
		orchestrator.GenerateNetworksRequest.fromPartial({}),
	);
	const iterator = call[Symbol.asyncIterator]();
	expect((await iterator.next()).done).toBe(false);
	// Reading late must not lose the error.
	await new Promise((resolve) => setTimeout(resolve, 50));
	await expect(iterator.next()).rejects.toMatchObject({ reason: "CONTRADICTION" });
});

test("a bidirectional call answers each item and takes plain iterables", async () => {
	const { server } = await start();
	const ids = Array.from({ length: 200 }, (_, index) => `item-${index}`);
	const answers: (string | undefined)[] = [];
	for await (const { result } of proxiesAt(server.address).evaluateStream(ids.map(item))) {
		answers.push(result?.itemId);
	}
	expect(answers).toEqual(ids);
});

test("an error of the requests' source comes out unchanged and cancels the call", async () => {
	const { server } = await start();
	const boom = new Error("source failed");
	const source = async function* () {
		yield item("a");
		throw boom;
	};
	const read = async () => {
		for await (const _ of proxiesAt(server.address).evaluateStream(source())) {
			// Answers do not matter here.
		}
	};
	await expect(read()).rejects.toBe(boom);
	await eventually(() => server.activeCalls() === 0);
});

test("calls spread over all addresses and move on when a server goes away", async () => {
	const served = [0, 0];
	const serve = (index: number) => async (request: zcproxy.EvaluateBatchRequest) => {
		served[index]! += 1;
		await new Promise((resolve) => setTimeout(resolve, 2));
		return zcproxy.EvaluateBatchResponse.fromPartial({ requestId: request.requestId });
	};
	const first = await start({ evaluateBatch: serve(0) }, { limits: { drainMs: 0 } });
	const second = await start({ evaluateBatch: serve(1) });
	const client = proxiesAt(`${first.server.address},${second.server.address}`, { maxAttempts: 5 });
	const ids = Array.from({ length: 100 }, (_, index) => `${index}`);
	const answers: string[] = [];
	for (const [index, id] of ids.entries()) {
		if (index === 50) {
			expect(Math.min(...served)).toBeGreaterThan(10);
			void first.server.stop();
		}
		answers.push((await client.evaluateBatch(batch(id), { deadlineMs: 60_000 })).requestId);
	}
	expect(answers).toEqual(ids);
});

test("UNAVAILABLE is tried again until it works, other failures are not", async () => {
	let calls = 0;
	const category = { current: "UNAVAILABLE" as "UNAVAILABLE" | "FAILED_PRECONDITION" };
	const evaluateBatch = async () => {
		calls += 1;
		if (calls < 3) {
			throw new ArchgenError({ category: category.current, reason: "WARMING_UP", message: "Not yet." });
		}
		return zcproxy.EvaluateBatchResponse.fromPartial({ requestId: `${calls}` });
	};
	const { server } = await start({ evaluateBatch });
	const client = proxiesAt(server.address);
	expect((await client.evaluateBatch(batch())).requestId).toBe("3");
	calls = 0;
	category.current = "FAILED_PRECONDITION";
	await expect(client.evaluateBatch(batch())).rejects.toMatchObject({ reason: "WARMING_UP" });
	expect(calls).toBe(1);
});

test("waitForHealthy returns for a serving name and gives up on others", async () => {
	const { server } = await start();
	await waitForHealthy({ address: server.address });
	const waiting = waitForHealthy({ address: server.address, service: "models/default", timeoutMs: 60_000 });
	server.setHealth("models/default", true);
	await waiting;
	const never = { address: server.address, service: "models/none", timeoutMs: 120 };
	await expect(waitForHealthy(never)).rejects.toMatchObject({ reason: "NOT_HEALTHY" });
	const controller = new AbortController();
	const cancelled = waitForHealthy({ ...never, timeoutMs: 60_000, signal: controller.signal });
	controller.abort();
	await expect(cancelled).rejects.toMatchObject({ category: "CANCELLED" });
});

test("a DNS name stands for all its addresses, and for those that come later", async () => {
	const served: string[] = [];
	const startAt = (host: string, port: number) => {
		const evaluateBatch = async () => {
			served.push(host);
			return zcproxy.EvaluateBatchResponse.fromPartial({});
		};
		return start({ evaluateBatch }, { host, port });
	};
	const first = await startAt("127.0.0.1", 0);
	const port = Number(first.server.address.split(":").at(-1));
	await startAt("127.0.0.2", port);
	let addresses = ["127.0.0.1", "127.0.0.2"];
	// No name server to ask here: the answer of the system's resolver is the one thing that is not real.
	const lookup = vi.spyOn(dns.promises, "lookup") as unknown as MockInstance<() => Promise<object[]>>;
	lookup.mockImplementation(async () => addresses.map((address) => ({ address, family: 4 })));
	cleanups.push(() => lookup.mockRestore());
	const client = proxiesAt(`pods.example:${port}`);
	for (let call = 0; call < 10; call += 1) await client.evaluateBatch(batch());
	expect([...new Set(served)].sort()).toEqual(addresses);
	await startAt("127.0.0.3", port);
	addresses = ["127.0.0.2", "127.0.0.3"];
	await first.server.stop();
	for (const end = Date.now() + 60_000; !served.includes("127.0.0.3") && Date.now() < end; await sleep(20)) {
		await client.evaluateBatch(batch(), { deadlineMs: 60_000 });
	}
	expect(served).toContain("127.0.0.3");
});

test("lists of addresses become targets that grpc-js balances over", () => {
	expect(channelTarget("proxy.example:50051")).toBe("proxy.example:50051");
	expect(channelTarget("127.0.0.1:1, localhost:2")).toBe("ipv4:127.0.0.1:1,127.0.0.1:2");
	expect(() => channelTarget("127.0.0.1:1,proxy.example:2")).toThrow(/IPv4/);
});
