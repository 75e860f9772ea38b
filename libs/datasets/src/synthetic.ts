import { createHash } from "node:crypto";
import { createRandom, fillNormal, type Random } from "@archgen/random";
import type { ImageBatch } from "./image-batch.js";
import { checkSelection } from "./selection.js";

/** Size of a batch that is drawn rather than read. */
export interface SyntheticSelection {
	readonly batch: number;
	readonly size: number;
	readonly classes: number;
}

/**
 * Standard normal images with uniform labels, the stand-in where no real images are given.
 * Equal streams give equal batches; `random` itself is not advanced.
 */
export function syntheticBatch(random: Random, { batch, size, classes }: SyntheticSelection): ImageBatch {
	checkSelection({ batch, size, classes });
	const images = fillNormal(random.fork("images"), new Float32Array(batch * 3 * size * size));
	const labelStream = random.fork("labels");
	const labels = BigInt64Array.from({ length: batch }, () => BigInt(labelStream.integer(classes)));
	// Forks depend on the stream's key alone, so the key and the sizes identify the batch.
	const digest = createHash("sha256").update(JSON.stringify([random.state().key, batch, size, classes]));
	return {
		images,
		shape: [batch, 3, size, size],
		labels,
		classes,
		identity: `normal:${digest.digest("hex")}`,
	};
}

/** The synthetic batch of a seed, the same wherever a user names one: on the command line, in a request, in a search. */
export function seededBatch(seed: number | bigint, selection: SyntheticSelection): ImageBatch {
	return syntheticBatch(createRandom(seed).fork("batch"), selection);
}
