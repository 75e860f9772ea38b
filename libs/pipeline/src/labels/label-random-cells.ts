import type { ImageBatch } from "@archgen/datasets";
import { withFileLock } from "@archgen/files";
import { createRandom } from "@archgen/random";
import type { RunContext } from "../run-context.js";
import type { ProxyScorer } from "../scoring/score-twice.js";
import { type DrawnCell, drawCells } from "./draw-cells.js";
import { labelCells } from "./label-cells.js";
import { appendLabel, type Label, labelHeader, openLabels } from "./label-file.js";

/** Random cells to measure, and the file that keeps their labels. */
export interface RandomCellsJob {
	readonly batch: ImageBatch;
	/** Seed of the cells and of the initial weights. */
	readonly seed: number;
	/** Distinct cells in the file at the end. */
	readonly count: number;
	/** Cells in work at once. */
	readonly parallelism: number;
	/** File of labels; a longer list goes on from a shorter one. */
	readonly out: string;
	/** Starts what measures; called once the file is open, and closed at the end. */
	readonly openScorer: () => Promise<ProxyScorer & { close(): void | Promise<void> }>;
}

/** Measures the zero-cost vectors of the first distinct random cells of a seed. @returns all labels of the file */
export function labelRandomCells(context: RunContext, job: RandomCellsJob): Promise<Label[]> {
	return withFileLock(job.out, context.signal, () => measureUnknown(context, job));
}

async function measureUnknown(
	context: RunContext,
	{ batch, seed, count, parallelism, out, openScorer }: RandomCellsJob,
): Promise<Label[]> {
	const labels = [...(await openLabels(out, labelHeader(seed, batch)))];
	const known = new Set(labels.map(({ cell }) => cell.hash));
	const scorer = await openScorer();
	const progress = context.startProgress({ title: "labels", total: count, start: known.size });
	const onLabel = async (label: Label) => {
		await appendLabel(out, label);
		labels.push(label);
		progress.update(labels.length);
	};
	const cells = unknownCells(seed, count, known);
	try {
		await labelCells({ scorer, batch, seed, cells, parallelism, signal: context.signal, onLabel });
	} finally {
		progress.stop();
		await scorer.close();
	}
	return labels;
}

/** The distinct random cells of a seed that have no label yet. */
function* unknownCells(seed: number, count: number, known: ReadonlySet<string>): Generator<DrawnCell> {
	for (const drawn of drawCells(createRandom(seed).fork("cells"), count)) {
		if (!known.has(drawn.cell.hash)) yield drawn;
	}
}
