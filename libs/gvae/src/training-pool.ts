import { SessionPool } from "@archgen/tensor-graph";

/** The loss has a share of the labelled rows and one of the others. */
const SHARES = 2;

/** Workers to train a G-VAE in: one for each share of the loss if there are as many threads, which then divide into them. */
export function gvaeTrainingPool(threads: number): SessionPool {
	const workers = Math.min(SHARES, threads);
	return SessionPool.create({ workers, threadsPerWorker: Math.floor(threads / workers) });
}
