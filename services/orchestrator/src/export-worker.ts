import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { ExportFormat } from "@archgen/exporters";
import { type Network, type NetworkJson, networkToJson } from "@archgen/search-space";
import type { ExportedFile } from "./export-files.js";

/** What an export thread is started with. */
export interface ExportTask {
	readonly network: NetworkJson;
	readonly formats: readonly ExportFormat[];
	readonly seed: number;
}

// Resolved through the package's exports, so that the compiled thread is found from sources and tests as well.
const THREAD_FILE = createRequire(import.meta.url).resolve("@archgen/orchestrator-service/export-thread");

/**
 * Writes a network in each of the formats, in a thread of its own: drawing millions of weights would keep other calls waiting.
 * Rejects with the signal's reason as soon as it fires.
 */
export async function exportInThread(
	network: Network,
	formats: readonly ExportFormat[],
	seed: number,
	signal: AbortSignal,
): Promise<ExportedFile[]> {
	signal.throwIfAborted();
	const task: ExportTask = { network: networkToJson(network), formats, seed };
	const worker = new Worker(THREAD_FILE, { workerData: task });
	try {
		const [files] = (await once(worker, "message", { signal })) as [ExportedFile[]];
		return files;
	} finally {
		await worker.terminate();
	}
}
