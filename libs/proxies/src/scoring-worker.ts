import { serveCalls } from "@archgen/concurrency";
import { type ImageBatch, PlannedBatch } from "@archgen/datasets";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { LRUCache } from "lru-cache";
import { type ScoreRequest, scoreNetwork } from "./score-network.js";
import type { WorkerUsage } from "./scoring-pool.js";
import { SectionCache } from "./section-cache.js";

const threads = Number(process.argv[2] ?? 1);
const cache = new SectionCache(createInlineRuntime({ threads, onOutput: collectInTime }));

/** Bytes of outputs after which the young ones are collected: half of what makes V8 mark the whole heap, which takes ten times as long. */
const COLLECT_YOUNG_AFTER = 32 * 2 ** 20;
/** Bytes of outputs after which all are, those that outlived two such collections with them. */
const COLLECT_AFTER = 2 ** 30;
let youngBytes = 0;
let outputBytes = 0;

function collectInTime(bytes: number): void {
	youngBytes += bytes;
	outputBytes += bytes;
	if (youngBytes < COLLECT_YOUNG_AFTER) return;
	const all = outputBytes >= COLLECT_AFTER;
	globalThis.gc?.({ type: all ? "major" : "minor" });
	youngBytes = 0;
	if (all) outputBytes = 0;
}

/** Batches of plans, the last few: networks of one search are scored on the same images. */
const planned = new LRUCache<string, PlannedBatch>({ max: 2 });

function drawn(batch: ScoreRequest["batch"]): ImageBatch {
	if ("images" in batch) return batch;
	const known = planned.get(batch.identity) ?? new PlannedBatch(batch);
	planned.set(batch.identity, known);
	return known;
}

function usage(): WorkerUsage {
	const { user, system } = process.cpuUsage();
	return { memoryBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
}

serveCalls<ScoreRequest>(
	({ batch, ...request }, signal) => scoreNetwork(cache, { ...request, batch: drawn(batch) }, signal),
	{ failureReason: "SCORING_FAILED", note: usage },
);
