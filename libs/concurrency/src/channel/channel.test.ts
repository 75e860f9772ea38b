import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { ArchgenError } from "@archgen/errors";
import { afterEach, describe, expect, it } from "vitest";
import { untilAborted } from "../until-aborted.js";
import { Channel } from "./channel.js";
import { processPort, threadPort } from "./port.js";

const FILE = fileURLToPath(new URL("../../testing/sample-worker.mjs", import.meta.url));

interface Request {
	readonly kind: "double" | "log" | "wait" | "refuse" | "break" | "die";
	readonly value?: number;
	readonly name?: string;
}

const PORTS = {
	thread: (flags: string[]) => threadPort(new Worker(FILE, { argv: flags })),
	process: (flags: string[]) => processPort(fork(FILE, flags, { serialization: "advanced" })),
};

describe.each(Object.entries(PORTS))("a channel to a %s", (_, portOf) => {
	const open: Channel<Request, number>[] = [];
	afterEach(async () => {
		await Promise.all(open.splice(0).map((channel) => channel.stop()));
	});
	const notes: number[] = [];
	function start(...flags: string[]): Channel<Request, number> {
		const lost = (cause?: Error) =>
			new ArchgenError({ category: "UNAVAILABLE", reason: "LOST", message: "lost", cause });
		const channel = new Channel<Request, number>(portOf(flags), { lost, onNote: (note) => notes.push(note) });
		open.push(channel);
		return channel;
	}

	it("brings replies and notes back, each to its call", async () => {
		const channel = start();
		const replies = Promise.all([1, 2, 3].map((value) => channel.call({ kind: "double", value })));
		expect(channel.pending).toBe(3);
		expect(await replies).toEqual([2, 4, 6]);
		expect(channel.pending).toBe(0);
		expect(notes.slice(-3)).toEqual([0, 0, 0]);
	});

	it("brings domain errors back whole, and others with their stack or under a reason", async () => {
		const channel = start();
		const refused = { category: "NOT_FOUND", reason: "GONE", message: "gone", metadata: { a: "b" } };
		await expect(channel.call({ kind: "refuse" })).rejects.toMatchObject(refused);
		await expect(channel.call({ kind: "break" })).rejects.toThrow(/TypeError: broken\n\s+at /);
		const named = start("named");
		await expect(named.call({ kind: "break" })).rejects.toMatchObject({
			reason: "BROKEN",
			message: "broken",
		});
	});

	it("cancels a call under way and answers the others", async () => {
		const channel = start();
		const controller = new AbortController();
		const waiting = channel.call({ kind: "wait", name: "a" }, controller.signal);
		expect(await channel.call({ kind: "double", value: 4 })).toBe(8);
		controller.abort();
		await expect(waiting).rejects.toMatchObject({ category: "CANCELLED" });
		expect(await channel.call({ kind: "log" })).toEqual(["begin a", "end a"]);
		await expect(channel.call({ kind: "log" }, controller.signal)).rejects.toMatchObject({
			reason: "CANCELLED",
		});
	});

	it("answers one call at a time where told to, and never begins one that was cancelled before", async () => {
		const channel = start("one-at-a-time");
		const [first, second] = [new AbortController(), new AbortController()];
		const calls = [
			channel.call({ kind: "wait", name: "a" }, first.signal),
			channel.call({ kind: "wait", name: "b" }, second.signal),
		];
		const after = channel.call({ kind: "log" });
		second.abort();
		first.abort();
		for (const call of calls) await expect(call).rejects.toMatchObject({ reason: "CANCELLED" });
		expect(await after).toEqual(expect.not.arrayContaining(["begin b"]));
	});

	it("fails what is pending, and everything after, when the worker ends", async () => {
		const channel = start();
		const waiting = channel.call({ kind: "wait", name: "a" });
		const dying = channel.call({ kind: "die" });
		await expect(waiting).rejects.toMatchObject({ reason: "LOST" });
		await expect(dying).rejects.toMatchObject({ reason: "LOST" });
		await channel.ended;
		expect([channel.isLost, channel.pending]).toEqual([true, 0]);
		await expect(channel.call({ kind: "double", value: 1 })).rejects.toMatchObject({ reason: "LOST" });
	});

	it("cancels all calls and ends the worker when it is stopped, more than once", async () => {
		const channel = start();
		const waiting = channel.call({ kind: "wait", name: "a" });
		await channel.call({ kind: "double", value: 1 });
		const rejected = expect(waiting).rejects.toThrow();
		await Promise.all([channel.stop(), channel.stop()]);
		await rejected;
		await channel.stop();
	});
});

describe("untilAborted", () => {
	it("gives the result, or the reason of the signal at once", async () => {
		const { signal } = new AbortController();
		expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
		expect(await untilAborted(Promise.resolve(2), undefined)).toBe(2);
		const reason = new Error("enough");
		await expect(untilAborted(new Promise(() => {}), AbortSignal.abort(reason))).rejects.toBe(reason);
		const controller = new AbortController();
		const never = untilAborted(new Promise(() => {}), controller.signal);
		controller.abort(reason);
		await expect(never).rejects.toBe(reason);
	});
});
