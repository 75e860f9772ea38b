import { serveCalls } from "@archgen/concurrency";
import { type ImageBatch, PlannedBatch } from "@archgen/datasets";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { LRUCache } from "lru-cache";
import { type ScoreRequest, scoreNetwork } from "./score-network.js";
import type { WorkerUsage } from "./scoring-pool.js";
import { SectionCache } from "./section-cache.js";

const threads = Number(process.argv[2] ?? 1);
const cache = new SectionCache(createInlineRuntime({ threads, onOutput: collectInTime }));

/** Bytes of outputs after which garbage is collected: a few sections of a large network. */
const COLLECT_AFTER = 256 * 2 ** 20;
let outputBytes = 0;

function collectInTime(bytes: number): void {
	outputBytes += bytes;
	if (outputBytes < COLLECT_AFTER) return;
	outputBytes = 0;
	globalThis.gc?.();
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
