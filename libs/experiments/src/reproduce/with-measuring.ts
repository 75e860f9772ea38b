import type { ImageBatch } from "@archgen/datasets";
import { withFileLock } from "@archgen/files";
import type { Bundle } from "@archgen/models";
import {
	appendLabel,
	bundleCellFiles,
	type CellModels,
	labelHeader,
	loadCellModels,
	openLabels,
	type RunContext,
} from "@archgen/pipeline";
import { ScoringPool } from "@archgen/proxies";
import { SessionPool } from "@archgen/tensor-graph";
import type { Measuring } from "./scored-cells.js";

/** Models whose cells are measured, and how. */
export interface MeasuredBundle {
	readonly bundle: Bundle;
	/** File that keeps the labels of measured cells. */
	readonly labels: string;
	readonly batch: ImageBatch;
	/** Seed of the initial weights. */
	readonly seed: number;
	/** Scoring processes of one thread each. */
	readonly workers: number;
	/** Threads of the models. */
	readonly threads: number;
}

/** The loaded models, and a way to measure cells. */
export interface MeasuringParts {
	readonly pool: SessionPool;
	readonly models: CellModels;
	readonly measuring: Measuring;
}

/** Loads the models, opens the labels for this process alone and starts scoring; everything is closed when `use` has ended. */
export function withMeasuring<T>(
	context: RunContext,
	{ bundle, labels, batch, seed, workers, threads }: MeasuredBundle,
	use: (parts: MeasuringParts) => Promise<T>,
): Promise<T> {
	const { signal } = context;
	return withFileLock(labels, signal, async () => {
		const known = await openLabels(labels, labelHeader(seed, batch));
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: threads });
		const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
		try {
			const models = await loadCellModels(pool, await bundleCellFiles(bundle));
			const measuring: Measuring = {
				...{ scorer, batch, seed, signal, known },
				parallelism: workers,
				keep: (label) => appendLabel(labels, label),
				progress: (title, total) => context.startProgress({ title, total }),
			};
			return await use({ pool, models, measuring });
		} finally {
			await scorer.close();
			await pool.close();
		}
	});
}
