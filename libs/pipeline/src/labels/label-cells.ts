import type { ImageBatch } from "@archgen/datasets";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { type ScoreRequest, ZC_PROXIES, zcVector } from "@archgen/proxies";
import { alphaNetwork, type Cell } from "@archgen/search-space";
import { type ProxyScorer, scoreTwice } from "../scoring/score-twice.js";
import type { DrawnCell } from "./draw-cells.js";
import type { Label } from "./label-file.js";

export interface LabellingOptions {
	readonly scorer: ProxyScorer;
	readonly batch: ImageBatch;
	/** Seed of the initial weights. */
	readonly seed: number;
	/** What to label; taken one after another as workers become free. */
	readonly cells: Iterable<DrawnCell>;
	/** Cells in work at once. */
	readonly parallelism: number;
	readonly signal?: AbortSignal;
	/** Called once for each label, one call at a time, in order of completion. */
	readonly onLabel: (label: Label) => Promise<void>;
}

/** Measures the zero-cost vectors of cells. */
export async function labelCells(options: LabellingOptions): Promise<void> {
	const queue = options.cells[Symbol.iterator]();
	let writing = Promise.resolve();
	let failed = false;
	const work = async () => {
		for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
			throwIfAborted(options.signal);
			const label = await labelOf(next.value, options);
			writing = writing.then(() => options.onLabel(label));
			await writing;
		}
	};
	const workers = Array.from({ length: options.parallelism }, () =>
		work().catch((error: unknown) => {
			failed = true; // the others stop at their next cell
			throw error;
		}),
	);
	await Promise.allSettled(workers);
	await Promise.all(workers);
}

async function labelOf({ index, cell }: DrawnCell, options: LabellingOptions): Promise<Label> {
	try {
		return {
			index,
			cell,
			z: zcVector(await scoreTwice(options.scorer, zcRequest(cell, options), options.signal)),
		};
	} catch (error) {
		throwIfAborted(options.signal);
		if (!(error instanceof ArchgenError) || error.category === "INVALID_ARGUMENT") throw error;
		return { index, cell, failure: { reason: error.reason, message: error.message } };
	}
}

function zcRequest(cell: Cell, { batch, seed }: LabellingOptions): ScoreRequest {
	const network = alphaNetwork(cell, { classes: batch.classes, size: batch.shape[2] });
	return { network, batch, proxies: ZC_PROXIES, seed, bnMode: "train" };
}
