import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syntheticBatch } from "@archgen/datasets";
import type { ProxyName, ScoreReport, ScoreRequest } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { alphaNetwork, countNetwork, type Network, networkHash, randomCell } from "@archgen/search-space";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CachedScorer } from "./cached-scorer.js";
import { type NetworkRequest, ScoreCache } from "./score-cache.js";
import { ScoreFile } from "./score-file.js";

const never = new AbortController().signal;
const batch = (seed: number) => syntheticBatch(createRandom(seed), { batch: 2, size: 32, classes: 10 });
const request = {
	network: alphaNetwork(randomCell(createRandom(0))),
	batch: batch(0),
	proxies: ["naswot", "tcet"],
	seed: 0,
} satisfies NetworkRequest;

/** The same network with a stage for every repeat: its layers have other names, and with them other initial weights. */
function oneByOne(network: Network): Network {
	const stages = network.stages.flatMap((stage) =>
		Array.from({ length: stage.repeats }, (_, i) => ({
			...stage,
			stride: i === 0 ? stage.stride : (1 as const),
			repeats: 1,
		})),
	);
	return { ...network, stages };
}

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-cache-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A pool that notes what it is asked and gives each proxy the length of its name; tcet fails. */
function countingPool() {
	const asked: (readonly ProxyName[])[] = [];
	const score = vi.fn(async ({ proxies, network }: ScoreRequest): Promise<ScoreReport> => {
		asked.push(proxies);
		const outcome = (name: ProxyName) =>
			name === "tcet"
				? { ok: false as const, reason: "SINGULAR", message: "none" }
				: { ok: true as const, value: name.length };
		return {
			values: Object.fromEntries(proxies.map((name) => [name, outcome(name)])),
			counts: countNetwork(network as NetworkRequest["network"]),
			layers: [],
		};
	});
	return { score, asked };
}

test("nothing is computed twice, failures of a proxy included, and only what is missing is asked for", async () => {
	const pool = countingPool();
	const cache = new ScoreCache(100);
	const scorer = new CachedScorer(pool, cache);
	const first = await scorer.score(request, never);
	expect(await scorer.score(request, never)).toEqual(first);
	expect(first.counts).toEqual(countNetwork(request.network));
	expect(first.values.tcet).toMatchObject({ ok: false, reason: "SINGULAR" });
	await scorer.score({ ...request, proxies: ["tcet", "snip"] }, never);
	expect(pool.asked).toEqual([["naswot", "tcet"], ["snip"]]);
	expect(cache.asked).toEqual({ hits: 3, misses: 3 });
});

test.each<[string, Partial<NetworkRequest>]>([
	["network", { network: alphaNetwork(randomCell(createRandom(1))) }],
	["cut into stages", { network: oneByOne(request.network) }],
	["data", { batch: batch(1) }],
	["seed", { seed: 1 }],
	["batch-norm mode", { bnMode: "train" }],
])("another %s is another score", async (_, change) => {
	const pool = countingPool();
	const scorer = new CachedScorer(pool, new ScoreCache(100));
	await scorer.score(request, never);
	await scorer.score({ ...request, ...change }, never);
	expect(pool.asked).toHaveLength(2);
});

test("a network cut into other stages is the same network all the same", () => {
	expect(networkHash(oneByOne(request.network))).toBe(networkHash(request.network));
});

test("the same asked at the same time is computed once", async () => {
	const pool = countingPool();
	const scorer = new CachedScorer(pool, new ScoreCache(100));
	await Promise.all([1, 2, 3].map(() => scorer.score(request, never)));
	expect(pool.asked).toHaveLength(1);
});

test("what was not asked for the longest makes room", async () => {
	const pool = countingPool();
	const scorer = new CachedScorer(pool, new ScoreCache(2));
	const only = (seed: number) => scorer.score({ ...request, proxies: ["snip"], seed }, never);
	for (const seed of [1, 2, 1, 3, 1, 2]) await only(seed);
	expect(pool.asked).toHaveLength(4);
});

test("a failed evaluation is not kept", async () => {
	const score = vi.fn(() => Promise.reject(new Error("lost")));
	const scorer = new CachedScorer({ score }, new ScoreCache(10));
	for (const _ of [1, 2]) await expect(scorer.score(request, never)).rejects.toThrow("lost");
	expect(score).toHaveBeenCalledTimes(2);
});

const onError = (failure: Error) => {
	throw failure;
};

test("a file keeps scores over restarts, whatever was torn off or written into it", async () => {
	const path = join(folder, "new", "scores.jsonl");
	const score = async (limit: number, seeds: readonly number[]) => {
		const file = ScoreFile.open(path, limit, onError);
		const pool = countingPool();
		const scorer = new CachedScorer(pool, new ScoreCache(100, file));
		for (const seed of seeds) await scorer.score({ ...request, seed }, never);
		await file.close();
		return pool.asked.length;
	};
	expect(await score(100, [1, 2])).toBe(2);
	appendFileSync(path, 'nonsense\n{"key":"x","result":{"ok":tr');
	expect(await score(100, [1, 2, 3])).toBe(1);
	expect(readFileSync(path, "utf8")).not.toContain("nonsense");
	// Two outcomes a seed: the newest two are those of seed 3.
	expect(await score(2, [3])).toBe(0);
	expect(await score(100, [1])).toBe(1);
	writeFileSync(path, '{"format":"archgen.scores","version":0}\n');
	expect(await score(100, [1])).toBe(1);
});

test("a file that cannot be written is named", () => {
	expect(() => ScoreFile.open(folder, 1, onError)).toThrow(
		expect.objectContaining({
			category: "INVALID_ARGUMENT",
			violations: [expect.objectContaining({ field: "cacheFile" })],
		}),
	);
});

test("on a full disk what is known is used, nothing is written, and the file stays", async ({ skip }) => {
	const disk = join(folder, "disk");
	mkdirSync(disk);
	const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "archgen-test", disk]).status === 0;
	if (!mounted) skip("mounting a small disk is not allowed here");
	try {
		const path = join(disk, "scores.jsonl");
		const kept = { key: "a", result: { ok: true, value: 1 } } as const;
		const first = ScoreFile.open(path, 10, onError);
		first.append(kept);
		await first.close();
		const before = readFileSync(path, "utf8");
		expect(() => writeFileSync(join(disk, "ballast"), Buffer.alloc(2 ** 20))).toThrow("ENOSPC");
		const failures: Error[] = [];
		const second = ScoreFile.open(path, 10, (failure) => failures.push(failure));
		expect(second.known).toEqual([kept]);
		second.append({ ...kept, key: "b" });
		await second.close();
		expect(failures).toEqual([expect.objectContaining({ code: "ENOSPC" })]);
		expect(readFileSync(path, "utf8")).toBe(before);
	} finally {
		spawnSync("umount", ["-l", disk]);
	}
});
