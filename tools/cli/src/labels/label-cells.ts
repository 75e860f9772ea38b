import type { ImageBatch } from "@archgen/datasets";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { type ScoreRequest, ZC_PROXIES, zcVector } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { alphaNetwork, type Cell } from "@archgen/search-space";
import { type Scorer, scoreTwice } from "../scoring/score-twice.js";
import { type DrawnCell, drawCells } from "./draw-cells.js";
import type { Label } from "./label-file.js";

export interface LabellingOptions {
	readonly scorer: Scorer;
	readonly batch: ImageBatch;
	/** Seed of the cells and of the initial weights. */
	readonly seed: number;
	/** Distinct cells in all, those known already included. */
	readonly count: number;
	/** Cells in work at once. */
	readonly parallelism: number;
	readonly signal?: AbortSignal;
	/** Hashes of the cells that need no work. */
	readonly known: ReadonlySet<string>;
	/** Called once for each label, one call at a time, in order of completion. */
	readonly onLabel: (label: Label) => Promise<void>;
}

/** Scores the random cells of a seed that are not known yet. */
export async function labelCells(options: LabellingOptions): Promise<void> {
	const cells = unknownCells(options);
	let writing = Promise.resolve();
	const work = async () => {
		for (const drawn of cells) {
			throwIfAborted(options.signal);
			const label = await labelOf(drawn, options);
			writing = writing.then(() => options.onLabel(label));
			await writing;
		}
	};
	// Every worker takes from the same generator; a failure of one stops the others at their next cell.
	const workers = Array.from({ length: options.parallelism }, work);
	try {
		await Promise.all(workers);
	} finally {
		cells.return();
		await Promise.allSettled(workers);
	}
}

function* unknownCells({ seed, count, known }: LabellingOptions): Generator<DrawnCell, void> {
	for (const drawn of drawCells(createRandom(seed).fork("cells"), count)) {
		if (!known.has(drawn.cell.hash)) yield drawn;
	}
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
