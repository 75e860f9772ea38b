import { type ImageBatch, PlannedBatch } from "@archgen/datasets";
import { errorToMessage } from "@archgen/errors";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { LRUCache } from "lru-cache";
import { type ScoreRequest, scoreNetwork } from "./score-network.js";
import type { ScoringCommand, ScoringReply } from "./scoring-messages.js";
import { SectionCache } from "./section-cache.js";

const threads = Number(process.argv[2] ?? 1);
const cache = new SectionCache(createInlineRuntime({ threads, onOutput: collectInTime }));
const running = new Map<number, AbortController>();

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

async function answer(command: ScoringCommand & { kind: "score" }): Promise<ScoringReply> {
	const controller = new AbortController();
	running.set(command.call, controller);
	try {
		const { batch, ...request } = command.request;
		const report = await scoreNetwork(cache, { ...request, batch: drawn(batch) }, controller.signal);
		return { ...head(command), ok: true, report };
	} catch (error) {
		return { ...head(command), ok: false, error: errorToMessage(error, "SCORING_FAILED") };
	} finally {
		running.delete(command.call);
	}
}

function head({ call }: ScoringCommand) {
	const { user, system } = process.cpuUsage();
	return { call, memoryBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
}

process.on("message", (command: ScoringCommand) => {
	if (command.kind === "cancel") running.get(command.call)?.abort();
	else void answer(command).then((reply) => process.send?.(reply));
});
// The pool has gone: nobody will read another result.
process.on("disconnect", () => process.exit(0));
// A terminal's Ctrl-C reaches the whole process group; the pool decides when its workers stop.
process.on("SIGINT", () => {});
