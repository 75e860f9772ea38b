import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeNpy, type ImageBatch } from "@archgen/datasets";
import { EXPORTERS } from "@archgen/exporters";
import { writeWhole } from "@archgen/files";
import type { Network } from "@archgen/search-space";
import type { ScoredNetwork } from "./score-report.js";

/** A score with all that it was computed from. */
export interface RecordedScore extends ScoredNetwork {
	readonly network: Network;
	readonly batch: ImageBatch;
	readonly seed: number;
}

/**
 * Writes what is needed to compute a score again elsewhere: `network.onnx` with the weights of the seed, `images.npy`
 * [batch, 3, size, size], `labels.npy` [batch], `network.json`, and `score.json` with the scores and the log-determinant
 * and saliency sums of every layer.
 */
export async function recordScore(folder: string, record: RecordedScore): Promise<void> {
	const { network, batch, seed, scores, passes } = record;
	const [first, ...others] = passes;
	const score = {
		...scores,
		seed,
		images: batch.identity,
		...first,
		...(others.length > 0 && { otherPasses: others }),
	};
	const files: Record<string, string | Uint8Array> = {
		"network.onnx": EXPORTERS.onnx.write(network, { seed }),
		"network.json": EXPORTERS.json.write(network),
		"images.npy": encodeNpy({ dtype: "float32", shape: [...batch.shape], data: batch.images }),
		"labels.npy": encodeNpy({ dtype: "int64", shape: [batch.labels.length], data: batch.labels }),
		"score.json": `${JSON.stringify(score, null, "\t")}\n`,
	};
	await mkdir(folder, { recursive: true });
	for (const [name, content] of Object.entries(files)) await writeWhole(join(folder, name), content);
}
