import { ArchgenError } from "@archgen/errors";
import type { PredictorFolder, RunContext } from "@archgen/pipeline";
import {
	architectureDigest,
	PropertyModel,
	type PropertyTable,
	predictorData,
} from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";
import { kendall, spearman } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";

/** Rank correlations of predicted and true values. */
export interface PredictorValidation {
	readonly spearman: number;
	readonly kendall: number;
	/** Rows that were compared. */
	readonly rows: number;
}

/** Fewest rows that a correlation says something about. */
const FEWEST = 3;

/**
 * Compares a predictor with the rows of a table that it was not trained on.
 *
 * @param limit most rows to compare
 * @throws ArchgenError FAILED_PRECONDITION `NO_UNSEEN_ROWS`
 */
export async function validatePredictor<A>(
	{ signal }: RunContext,
	space: SearchSpace<A>,
	{ predictor, origin }: PredictorFolder,
	table: PropertyTable<A>,
	target: string,
	limit = Number.POSITIVE_INFINITY,
): Promise<PredictorValidation> {
	const seen = new Set(origin.digests);
	const unseen = table.architectures.flatMap((each, row) =>
		seen.has(architectureDigest(space, each)) ? [] : [row],
	);
	const rows = unseen.slice(0, limit);
	if (rows.length < FEWEST) throw nothingLeft(rows.length);
	const { states, targets } = predictorData(space, table, target, rows);
	const pool = SessionPool.create({ threadsPerWorker: 1 });
	try {
		const model = await PropertyModel.create(pool, predictor);
		const predicted = await model.predict(states, 0, signal);
		return {
			spearman: spearman(predicted, targets),
			kendall: kendall(predicted, targets),
			rows: rows.length,
		};
	} finally {
		await pool.close();
	}
}

function nothingLeft(rows: number): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "NO_UNSEEN_ROWS",
		message: `The table has ${rows} rows that the predictor was not trained on, and a correlation needs ${FEWEST}; train it on fewer rows or give another table.`,
	});
}
