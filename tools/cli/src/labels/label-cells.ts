import type { ImageBatch } from "@archgen/datasets";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { type ScoreReport, type ScoreRequest, ZC_PROXIES, zcVector } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { alphaNetwork, type Cell } from "@archgen/search-space";
import { type DrawnCell, drawCells } from "./draw-cells.js";
import type { Label } from "./label-file.js";

/** The part of a scoring pool that labelling uses. */
export interface Scorer {
	score(request: ScoreRequest, options: { readonly signal?: AbortSignal }): Promise<ScoreReport>;
}

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
		return { index, cell, z: zcVector(await scoreTwice(cell, options)) };
	} catch (error) {
		throwIfAborted(options.signal);
		if (!(error instanceof ArchgenError) || error.category === "INVALID_ARGUMENT") throw error;
		return { index, cell, failure: { reason: error.reason, message: error.message } };
	}
}

/** A worker that died may have died of something else than this cell, so the cell gets a second chance. */
async function scoreTwice(
	cell: Cell,
	{ scorer, batch, seed, signal }: LabellingOptions,
): Promise<ScoreReport> {
	const network = alphaNetwork(cell, { classes: batch.classes, size: batch.shape[2] });
	const request: ScoreRequest = { network, batch, proxies: ZC_PROXIES, seed, bnMode: "train" };
	try {
		return await scorer.score(request, { signal });
	} catch (error) {
		throwIfAborted(signal);
		if (!(error instanceof ArchgenError && error.category === "UNAVAILABLE")) throw error;
		return await scorer.score(request, { signal });
	}
}
