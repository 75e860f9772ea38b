import { rm } from "node:fs/promises";
import { seededBatch } from "@archgen/datasets";
import { CELL_TEMPERATURES, type CellGenerator } from "@archgen/design";
import type { EvolutionResult } from "@archgen/evolution";
import { SessionPool } from "@archgen/tensor-graph";
import { type CellModels, loadCellModels } from "../cells/cell-models.js";
import { synonymCells } from "../cells/synonym-cells.js";
import type { HistoryProfile } from "../profiles.js";
import { runSearch } from "../search/run-search.js";
import type { StageContext, TrainingStage } from "./stage.js";
import { workCellFiles } from "./work-cell-files.js";
import type { Workspace } from "./workspace.js";

/** Searches for the profile's targets: what the sequence generator learns from. */
export const trainHistories: TrainingStage = {
	description: "Search networks for every target of the profile, with first cells from the flow",
	run: async (context) => {
		const { work, profile, restart } = context;
		if (restart) await rm(work.path("histories"), { recursive: true, force: true });
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
		try {
			const models = await loadCellModels(pool, await workCellFiles(work));
			const metrics: Record<string, number> = {};
			for (const history of profile.histories) {
				const result = await search(context, models, history);
				metrics[`${history.name}.evaluations`] = result.history.length;
				if (result.best) metrics[`${history.name}.bestScore`] = result.best.score;
			}
			return { config: profile.histories, inputs: { cells: models.identity }, metrics };
		} finally {
			await pool.close();
		}
	},
};

/** Where a history of the profile stands. */
export function historyPath(work: Workspace, { name }: HistoryProfile): string {
	return work.path("histories", `${name}.jsonl`);
}

function search(
	context: StageContext,
	models: CellModels,
	history: HistoryProfile,
): Promise<EvolutionResult> {
	const { target, constraints, strategy, proxy, evaluations, populationSize, seed, scoring } = history;
	const cells: CellGenerator = synonymCells(models, {
		...CELL_TEMPERATURES,
		means: context.profile.temperature,
	});
	const images = { batch: scoring.batch, size: scoring.size, classes: target.classes };
	return runSearch(context.cli, {
		title: history.name,
		options: {
			target,
			constraints,
			strategy,
			evaluations,
			populationSize,
			seed,
			clusters: models.mixture.weights.length,
		},
		cells,
		cellIdentity: `${models.identity} temperature ${context.profile.temperature}`,
		batch: seededBatch(seed, images),
		proxy,
		workers: context.workers,
		out: historyPath(context.work, history),
	});
}
