import type { PropertyTableFile, RunContext } from "@archgen/pipeline";
import type { ArchitectureSpace } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";
import { bestRow } from "../table-rows.js";
import { DenoiserDraws, type DinasJob } from "./denoiser-draws.js";
import { type Accuracies, randomSearches, type SearchResult, searchResult } from "./searches.js";

export interface DinasSearchJob extends DinasJob {
	/** Numbers of labelled architectures to train on. */
	readonly labels: readonly number[];
}

/** Searches of one kind on one data set. */
export interface DinasRow extends SearchResult {
	readonly dataSet: string;
	readonly method: "optimum" | "random" | "discrete";
	/** Labelled architectures that the denoiser was trained on. */
	readonly labels: number;
	/** Strength W of guidance; null without a denoiser. */
	readonly guidance: number | null;
	/** Mean test accuracy of the valid samples. */
	readonly meanTest: number;
	/** Share of the samples that are valid. */
	readonly validity: number;
	/** Share of the valid ones that are left when each is counted once. */
	readonly uniqueness: number | null;
}

/** Published validation and test accuracy of DiNAS from 192 queries, by data set; labels of the whole table were used. */
export const PUBLISHED_DINAS: Readonly<Record<string, readonly [validation: number, test: number]>> = {
	c10: [91.61, 94.37],
	c100: [73.49, 73.51],
};

/** Repeats of random search. */
export const RANDOM_REPEATS = 2000;

/** Columns that the rows need. */
export function dinasColumns(dataSets: readonly string[]): string[] {
	return dataSets.flatMap((stem) => [`${stem}_val`, `${stem}_test`]);
}

/** Accuracies of a data set. */
export function accuraciesOf<A>({ table }: PropertyTableFile<A>, stem: string): Accuracies {
	return { validation: table.columns[`${stem}_val`]!, test: table.columns[`${stem}_test`]! };
}

/** Best architectures by validation of so many samples: the optimum, random search, and denoisers of few and many labels at several strengths. */
export async function reproduceDinas<A>(
	context: RunContext,
	space: ArchitectureSpace<A>,
	file: PropertyTableFile<A>,
	job: DinasSearchJob,
): Promise<DinasRow[]> {
	const pool = SessionPool.create({ workers: job.workers, threadsPerWorker: 1 });
	try {
		const rows = job.dataSets.flatMap((stem) => baselines(file, stem, job.queries));
		for (const labels of job.labels) rows.push(...(await rowsOf(pool, context, space, file, job, labels)));
		return job.dataSets.flatMap((stem) => rows.filter(({ dataSet }) => dataSet === stem));
	} finally {
		await pool.close();
	}
}

async function rowsOf<A>(
	pool: SessionPool,
	context: RunContext,
	space: ArchitectureSpace<A>,
	file: PropertyTableFile<A>,
	job: DinasSearchJob,
	labels: number,
): Promise<DinasRow[]> {
	const { dataSets, share, guidances } = job;
	const targets = dataSets.map((stem) => ({ kind: "top" as const, column: `${stem}_val`, share }));
	const model = { name: `labels-${labels}`, targets, rows: labels };
	const denoiser = await DenoiserDraws.open(pool, context, space, file, job, model);
	const rows: DinasRow[] = [];
	for (const dataSet of dataSets)
		for (const guidance of guidances) {
			const title = `${dataSet}, ${labels} labels, W ${guidance}`;
			const condition = { metric: `${dataSet}_val`, class: "top" };
			const { searches, ...draws } = await denoiser.draw(title, [condition], guidance);
			rows.push({
				dataSet,
				method: "discrete",
				labels,
				guidance,
				...draws,
				...result(file, dataSet, searches),
			});
		}
	await denoiser.release();
	return rows;
}

function baselines<A>(file: PropertyTableFile<A>, dataSet: string, queries: number): DinasRow[] {
	const total = file.table.architectures.length;
	const { validation } = accuraciesOf(file, dataSet);
	const optimum = bestRow([...validation.keys()], validation)!;
	const of = (method: "optimum" | "random", searches: readonly (readonly number[])[]): DinasRow => ({
		...{
			dataSet,
			method,
			labels: method === "optimum" ? total : 0,
			guidance: null,
			validity: 1,
			uniqueness: null,
		},
		...result(file, dataSet, searches),
	});
	return [of("optimum", [[optimum]]), of("random", randomSearches(total, queries, RANDOM_REPEATS))];
}

function result<A>(file: PropertyTableFile<A>, dataSet: string, searches: readonly (readonly number[])[]) {
	const accuracies = accuraciesOf(file, dataSet);
	const { validation, test } = accuracies;
	const optimum = bestRow([...validation.keys()], validation)!;
	const meanTest = mean(searches.flatMap((rows) => rows.map((row) => test[row]!)));
	return { meanTest, ...searchResult(accuracies, searches, optimum) };
}
