import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { syntheticBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import { cellFromNasBench201, type Network } from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { afterAll, describe, expect, it } from "vitest";
import { scoreNetwork } from "./score-network.js";
import { ScoringPool } from "./scoring-pool.js";
import { SectionCache } from "./section-cache.js";

const cell = cellFromNasBench201(
	"|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|nor_conv_1x1~2|",
);
const network: Network = {
	input: { size: 16, channels: 3 },
	classes: 10,
	stem: { channels: 8, stride: 1 },
	stages: [{ cell, channels: 8, stride: 1, repeats: 2 }],
	finalChannels: 16,
};
const batch = syntheticBatch(createRandom(0), { batch: 8, size: 16, classes: 10 });
const request = { network, batch, proxies: ["tcet", "naswot"], seed: 4 } as const;

/** Processes that this one has started and that have not ended. */
function childProcesses(): number[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.filter((name) => {
			try {
				// pid (name) state parent …; the name may hold anything but ends with the last parenthesis.
				const [state, parent] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)!.split(" ");
				return Number(parent) === process.pid && state !== "Z";
			} catch {
				return false;
			}
		})
		.map(Number);
}

describe("ScoringPool", () => {
	const pool = ScoringPool.create({ workers: 2 });
	afterAll(() => pool.close());

	it("gives the numbers of a direct evaluation, in every worker", async () => {
		const direct = await scoreNetwork(new SectionCache(createInlineRuntime()), request);
		const reports = await Promise.all([1, 2, 3].map(() => pool.score(request)));
		for (const report of reports) expect(report).toEqual(direct);
	});

	it("passes errors on with their field", async () => {
		await expect(pool.score({ ...request, proxies: [] })).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
			violations: [{ field: "proxies" }],
		});
	});

	it("knows how much processor time its workers have used", async () => {
		const before = pool.cpuSeconds;
		await pool.score(request);
		const once = pool.cpuSeconds;
		expect(once).toBeGreaterThan(before);
		await Promise.all([pool.score(request), pool.score(request)]);
		expect(pool.cpuSeconds).toBeGreaterThan(once);
	});

	it("drops what is cancelled, running or waiting, and goes on with the rest", async () => {
		const controller = new AbortController();
		const doomed = Promise.allSettled(
			[1, 2, 3, 4].map(() => pool.score(request, { signal: controller.signal })),
		);
		const kept = pool.score(request);
		controller.abort();
		for (const outcome of await doomed)
			expect(outcome).toMatchObject({ status: "rejected", reason: { category: "CANCELLED" } });
		expect((await kept).values.tcet).toMatchObject({ ok: true });
		// a worker needs a moment to hear that its network is not wanted any more
		await expect.poll(() => pool.load).toEqual({ running: 0, queued: 0 });
	});

	it.runIf(process.platform === "linux")("kills a worker that does not hear that it is to stop", async () => {
		const before = new Set(childProcesses());
		const deaf = ScoringPool.create({ workers: 1 });
		const [worker] = childProcesses().filter((pid) => !before.has(pid));
		process.kill(worker!, "SIGSTOP");
		const controller = new AbortController();
		const call = deaf.score(request, { signal: controller.signal });
		const next = deaf.score(request);
		controller.abort();
		await expect(call).rejects.toMatchObject({ category: "CANCELLED" });
		while (childProcesses().includes(worker!)) await sleep(10);
		// Another worker has taken its place.
		expect((await next).values.tcet).toMatchObject({ ok: true });
		await deaf.close();
	});

	it.runIf(process.platform === "linux")(
		"scores a network again whose worker stopped, to the same numbers",
		async () => {
			const before = new Set(childProcesses());
			const own = ScoringPool.create({ workers: 1 });
			const [worker] = childProcesses().filter((pid) => !before.has(pid));
			const calls = [1, 2, 3].map(() => own.score(request));
			process.kill(worker!, "SIGKILL");
			const [direct, ...reports] = [await pool.score(request), ...(await Promise.all(calls))];
			for (const report of reports) expect(report).toEqual(direct);
			await own.close();
		},
	);

	it.runIf(process.platform === "linux")(
		"gives up a network that takes every worker with it, by name",
		async () => {
			const before = new Set(childProcesses());
			const own = ScoringPool.create({ workers: 1 });
			const call = own.score(request);
			const failure = call.catch((error: unknown) => error);
			const killed = new Set<number>();
			for (let over = false; !over; await sleep(5)) {
				void failure.then(() => {
					over = true;
				});
				for (const pid of childProcesses().filter((child) => !before.has(child) && !killed.has(child))) {
					killed.add(pid);
					process.kill(pid, "SIGKILL");
				}
				if (killed.size > 3) break;
			}
			expect(await failure).toMatchObject({
				category: "FAILED_PRECONDITION",
				reason: "SCORING_ENDS_WORKERS",
			});
			expect((await own.score(request)).values.tcet).toMatchObject({ ok: true });
			await own.close();
		},
	);

	it("replaces a worker that has grown too large", async () => {
		const small = ScoringPool.create({ workers: 1, recycleBytes: 1 });
		const reports = [await small.score(request), await small.score(request)];
		expect(reports[1]).toEqual(reports[0]);
		await small.close();
	});

	it("answers nothing after it is closed", async () => {
		const closed = ScoringPool.create({ workers: 1 });
		const waiting = closed.score(request);
		await closed.close();
		await expect(waiting).rejects.toMatchObject({ category: "UNAVAILABLE" });
		await expect(closed.score(request)).rejects.toMatchObject({ category: "UNAVAILABLE" });
	});
});
