import { EventEmitter } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { eventually, startSample } from "../../testing/sample-server.js";
import { createClient, zcproxy } from "../index.js";
import type { CallContext } from "./call-context.js";
import { stopOnSignals } from "./signals.js";

const cleanups: (() => unknown)[] = [];
afterEach(() => {
	for (const cleanup of cleanups.splice(0)) {
		cleanup();
	}
});

function clientOf(address: string) {
	const client = createClient(zcproxy.ZcProxyServiceService, { address, maxAttempts: 1 });
	cleanups.push(client.close);
	return client;
}

const empty = () => zcproxy.EvaluateBatchRequest.fromPartial({});

test("running calls finish, new ones are turned away, stopping twice is one stop", async () => {
	let release = () => {};
	const gate = new Promise<void>((resolve) => {
		release = resolve;
	});
	const evaluateBatch = async () => {
		await gate;
		return zcproxy.EvaluateBatchResponse.fromPartial({ requestId: "finished" });
	};
	const { server } = await startSample({ evaluateBatch }, { limits: { drainMs: 5000 } });
	const running = clientOf(server.address).evaluateBatch(empty());
	await eventually(() => server.activeCalls() === 1);
	const first = server.stop();
	expect(server.stop()).toBe(first);
	await expect(clientOf(server.address).evaluateBatch(empty())).rejects.toMatchObject({
		category: "UNAVAILABLE",
	});
	release();
	expect(await running).toMatchObject({ requestId: "finished" });
	await first;
	await server.stop();
});

test("calls that outlast the drain are told to go elsewhere", async () => {
	let aborted = false;
	const evaluateBatch = (_: unknown, { signal }: CallContext) =>
		new Promise<never>((_, reject) => {
			signal.addEventListener("abort", () => {
				aborted = true;
				reject(signal.reason);
			});
		});
	const { server, log } = await startSample({ evaluateBatch }, { limits: { drainMs: 50 } });
	const running = clientOf(server.address).evaluateBatch(empty());
	const failure = running.catch((error: unknown) => error);
	await eventually(() => server.activeCalls() === 1);
	await server.stop();
	expect(await failure).toMatchObject({ category: "UNAVAILABLE", reason: "SERVER_STOPPED" });
	await eventually(() => aborted);
	expect(log).toEqual([]);
});

test("the first signal stops and exits with 0, the second exits at once", async () => {
	const target = Object.assign(new EventEmitter(), { exit: vi.fn() });
	let finish = () => {};
	const stop = vi.fn(
		() =>
			new Promise<void>((resolve) => {
				finish = resolve;
			}),
	);
	stopOnSignals(stop, target as unknown as NodeJS.Process);
	target.emit("SIGTERM");
	target.emit("SIGINT");
	expect(stop).toHaveBeenCalledTimes(1);
	expect(target.exit).toHaveBeenCalledWith(1);
	finish();
	await eventually(() => target.exit.mock.calls.length === 2);
	expect(target.exit).toHaveBeenLastCalledWith(0);
});

test.each([
	["goes", true],
	["went before", false],
])("a process that has a parent stops when it %s, and leaves Ctrl-C to it", async (_, connected) => {
	const target = Object.assign(new EventEmitter(), { exit: vi.fn(), send: vi.fn(), connected });
	const stop = vi.fn(async () => {});
	stopOnSignals(stop, target as unknown as NodeJS.Process);
	target.emit("SIGINT");
	expect(stop).toHaveBeenCalledTimes(connected ? 0 : 1);
	if (connected) {
		target.emit("disconnect");
	}
	await eventually(() => target.exit.mock.calls.length === 1);
	expect(target.exit).toHaveBeenCalledWith(0);
});
