import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@archgen/random";
import { createClient, type RpcClient, waitForHealthy, zcproxy } from "@archgen/rpc";
import { randomCell } from "@archgen/search-space";
import { cellToMessage } from "@archgen/wire";
import { afterEach, expect, test } from "vitest";
import { freePort, type ServiceProcess, startProcess } from "../../orchestrator/testing/service-processes.js";

// The service as a process of its own, seen from outside: gRPC, signals and metrics.
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Client = RpcClient<typeof zcproxy.ZcProxyServiceService>;

interface Pod {
	readonly process: ServiceProcess;
	readonly client: Client;
	/** A metric by its name without prefix. */
	metric(name: string): Promise<number>;
}

async function startPod(...flags: string[]): Promise<Pod> {
	const port = await freePort();
	const process = await startProcess("zc-proxy", "--metrics-port", String(port), ...flags);
	const client = createClient(zcproxy.ZcProxyServiceService, { address: process.address, maxAttempts: 1 });
	cleanups.push(async () => {
		client.close();
		process.process.kill("SIGKILL");
	});
	const metric = async (name: string) => {
		const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
		return Number(new RegExp(`^archgen_zc_proxy_${name} (.*)$`, "m").exec(text)?.[1]);
	};
	return { process, client, metric };
}

/** An α_x that takes seconds to score at the default batch of 64. */
const heavy = (itemId: string, seed: number) => ({
	itemId,
	subject: { $case: "cell" as const, value: cellToMessage(randomCell(createRandom(seed))) },
});
const settings = { proxies: ["tcet"], batchSize: 64 };
const batch = (items: readonly ReturnType<typeof heavy>[], change = {}) =>
	zcproxy.EvaluateBatchRequest.fromPartial({ items: [...items], settings: { ...settings, ...change } });

async function until(condition: () => Promise<boolean>, milliseconds: number): Promise<boolean> {
	const end = Date.now() + milliseconds;
	while (!(await condition())) {
		if (Date.now() > end) return false;
		await sleep(10);
	}
	return true;
}

/** Median time of a health check, connecting included, in milliseconds. */
async function healthTime(address: string): Promise<number> {
	const times: number[] = [];
	for (let i = 0; i < 15; i += 1) {
		const began = performance.now();
		await waitForHealthy({ address, timeoutMs: 60_000 });
		times.push(performance.now() - began);
		await sleep(30);
	}
	return times.sort((a, b) => a - b)[7]!;
}

test("health is prompt while every core is busy, and what is cancelled leaves the cores at once", async () => {
	const cores = availableParallelism();
	const { process, client, metric } = await startPod("--workers", String(cores));
	const idle = await healthTime(process.address);
	const controller = new AbortController();
	const items = Array.from({ length: 2 * cores }, (_, i) => heavy(`${i}`, i));
	const call = client.evaluateBatch(batch(items), { signal: controller.signal }).catch((error) => error);
	expect(await until(async () => (await metric("workers_busy")) === cores, 60_000)).toBe(true);
	expect(await metric("queue_depth")).toBe(2 * cores);
	// 100 ms on a machine of its own; on one that has other things to do, by how slow it is without the calls.
	expect(await healthTime(process.address)).toBeLessThan(Math.max(100, 20 * idle));
	controller.abort();
	expect(await call).toMatchObject({ category: "CANCELLED" });
	// 200 ms on a machine of its own (bench/pods.mjs measures it); an evaluation would take seconds.
	expect(await until(async () => (await metric("workers_busy")) === 0, Math.max(1000, 200 * idle))).toBe(
		true,
	);
	expect(await metric("queue_depth")).toBe(0);
});

test("a deadline stops the computation", async () => {
	const { client, metric } = await startPod("--workers", "1");
	const call = client.evaluateBatch(batch([heavy("a", 1), heavy("b", 2)]), { deadlineMs: 600 });
	await expect(call).rejects.toMatchObject({ category: "DEADLINE_EXCEEDED" });
	expect(await until(async () => (await metric("workers_busy")) === 0, 5000)).toBe(true);
});

test("when the queue is full callers are told when to come back, and what runs goes on", async () => {
	const { client, metric } = await startPod("--workers", "1", "--queue-size", "2");
	const running = client.evaluateBatch(batch([heavy("a", 1), heavy("b", 2)], { batchSize: 8 }));
	await until(async () => (await metric("queue_depth")) === 2, 60_000);
	const refused = client.evaluateBatch(batch([heavy("c", 3)]));
	await expect(refused).rejects.toMatchObject({
		category: "RESOURCE_EXHAUSTED",
		reason: "QUEUE_FULL",
		retryAfterMs: 500,
	});
	expect((await running).results.map(({ outcome }) => outcome?.$case)).toEqual(["score", "score"]);
});

test("on SIGTERM what runs is finished, what comes is refused, and the process ends with 0", async () => {
	const { process, client, metric } = await startPod("--workers", "1", "--limits-drain-ms", "60000");
	const running = client.evaluateBatch(batch([heavy("a", 1)], { batchSize: 8 }));
	await until(async () => (await metric("workers_busy")) === 1, 60_000);
	const ended = process.stop();
	const late = createClient(zcproxy.ZcProxyServiceService, { address: process.address, maxAttempts: 1 });
	cleanups.push(() => late.close());
	await sleep(50);
	await expect(late.listProxies({})).rejects.toMatchObject({ category: "UNAVAILABLE" });
	expect((await running).results[0]?.outcome?.$case).toBe("score");
	expect(await ended).toBe(0);
});

test("a stream takes no more from its caller than it can work on", async () => {
	const { client } = await startPod("--workers", "1");
	let sent = 0;
	const requests = async function* () {
		for (; sent < 400; sent += 1) {
			// Large requests, so that the buffers of the connection hold few of them.
			const proxies = Array.from({ length: 5_000 }, () => settings.proxies[0]!);
			yield zcproxy.EvaluateStreamRequest.fromPartial({
				item: heavy(`${sent}`, 5),
				settings: { ...settings, proxies, batchSize: 2, seed: BigInt(sent) },
			});
		}
	};
	let answered = 0;
	for await (const { result } of client.evaluateStream(requests())) {
		expect(result?.outcome?.$case).toBe("score");
		answered += 1;
		if (answered === 3) break;
	}
	expect(sent).toBeLessThan(100);
});

test("many calls of many items are no reason to warn of a leak", async () => {
	const { process, client } = await startPod("--workers", "1");
	const cheap = (count: number) =>
		client.evaluateBatch(
			batch(
				Array.from({ length: count }, (_, i) => heavy(`${i}`, 1)),
				{ proxies: ["parameters"] },
			),
		);
	// In one turn, so that all of them are in progress at once.
	const replies = await Promise.all([cheap(12), ...Array.from({ length: 12 }, () => cheap(1))]);
	expect(replies.flatMap(({ results }) => results)).toHaveLength(24);
	expect(process.log()).not.toContain("Warning");
});

test("nothing is scored twice", async () => {
	const { client, metric } = await startPod("--workers", "1");
	const twice = batch([heavy("a", 1), heavy("b", 1)], { batchSize: 2 });
	const [first, second] = (await client.evaluateBatch(twice)).results;
	await client.evaluateBatch(twice);
	expect(first?.outcome).toMatchObject({ $case: "score" });
	expect(first?.outcome?.$case === "score" && first.outcome.value.values).toEqual(
		second?.outcome?.$case === "score" && second.outcome.value.values,
	);
	expect(await metric("cache_hits_total")).toBe(2);
	expect(await metric('items_total{outcome="score"}')).toBe(4);
});
