import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { AcquisitionName } from "@archgen/bayesian-optimization";
import { invalidArgument } from "@archgen/errors";
import { writeWhole } from "@archgen/files";
import type { RunContext } from "@archgen/pipeline";
import { type LinePlot, renderSvg } from "@archgen/plots";
import { mean } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";
import { plusMinus, table } from "@archgen/text";
import { accuraciesOf, RANDOM_REPEATS } from "../dinas/reproduce-nb201.js";
import { randomSearches, type SearchResult, searchResult } from "../dinas/searches.js";
import { bestRow } from "../table-rows.js";
import { type BoSource, type BoTask, boSearch } from "./bo-runs.js";

export interface BoJob<A> extends BoTask<A> {
	readonly dataSets: readonly string[];
	readonly sources: readonly BoSource[];
	readonly acquisitions: readonly AcquisitionName[];
	/** Searches of each row, by seeds 0, 1, … */
	readonly seeds: number;
	readonly workers: number;
}

/** Searches that differ by their seeds alone. */
export interface BoRow {
	readonly dataSet: string;
	/** `random search` evaluates uniform draws. */
	readonly source: BoSource | "random search";
	readonly acquisition: AcquisitionName | null;
	/** Mean test accuracy of the best by validation after 1, 2, … evaluations. */
	readonly curve: readonly number[];
	/** After some numbers of evaluations. */
	readonly after: readonly ({ readonly evaluations: number } & SearchResult)[];
	/** Median number of evaluations until the best architecture of the table is found; null where fewer than half of the searches find it. */
	readonly untilOptimum: number | null;
}

/**
 * Test accuracy and numbers of trained architectures that Table 2 of DiffusionNAG gives for Bayesian optimisation and others; its figures of accuracy
 * against evaluations have no numbers. DiffusionNAG's own five are the best by a predictor that was trained on other data sets, no search.
 */
export const PUBLISHED_BO: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
	c10: { "GP-UCB": [94.37, 58], BANANAS: [94.37, 46], NASBOWL: [94.34, 100], HEBO: [94.34, 100] },
	c100: { "GP-UCB": [73.14, 100], BANANAS: [73.51, 88], NASBOWL: [73.51, 87], HEBO: [72.62, 100] },
};

/**
 * Searches by Bayesian optimisation over candidates of several sources, beside random search with as many evaluations.
 *
 * @throws ArchgenError INVALID_ARGUMENT `TABLE_INCOMPLETE` for a table that lacks architectures of the space
 */
export async function reproduceBo<A>(context: RunContext, job: BoJob<A>): Promise<BoRow[]> {
	requireWholeTable(job);
	const pool = SessionPool.create({ workers: job.workers, threadsPerWorker: 1 });
	const each = job.dataSets.length * job.sources.length * job.acquisitions.length;
	const progress = context.startProgress({ title: "Bayesian optimisation", total: each * job.seeds });
	const { evaluations } = job.options;
	const rows: BoRow[] = [];
	let done = 0;
	try {
		for (const dataSet of job.dataSets) {
			const random = randomSearches(job.file.table.architectures.length, evaluations, RANDOM_REPEATS);
			rows.push(rowOf(job, { dataSet, source: "random search", acquisition: null }, random));
			for (const source of job.sources)
				for (const acquisition of job.acquisitions) {
					const searches: (readonly number[])[] = [];
					for (let seed = 0; seed < job.seeds; seed++) {
						searches.push(await boSearch(context, pool, job, { dataSet, source, acquisition, seed }));
						progress.update(++done, `${dataSet}, ${source}, ${acquisition}`);
					}
					rows.push(rowOf(job, { dataSet, source, acquisition }, searches));
				}
		}
		return rows;
	} finally {
		progress.stop();
		await pool.close();
	}
}

/** @throws ArchgenError INVALID_ARGUMENT `TABLE_INCOMPLETE` */
function requireWholeTable<A>({ space, file }: BoTask<A>): void {
	const { architectures } = space.limits;
	const rows = file.table.architectures.length;
	if (BigInt(rows) === architectures) return;
	const description = `has ${rows} of the ${architectures} architectures of ${space.name}; a search may ask for any of them`;
	throw invalidArgument("table", description, "TABLE_INCOMPLETE");
}

/** Parts of a search's evaluations after which it is reported. */
const REPORTED = [0.25, 0.5, 1];

/** Summary of searches by the rows that each evaluated in order. */
function rowOf<A>(
	{ file, options }: Pick<BoJob<A>, "file" | "options">,
	name: Pick<BoRow, "dataSet" | "source" | "acquisition">,
	searches: readonly (readonly number[])[],
): BoRow {
	const accuracies = accuraciesOf(file, name.dataSet);
	const { validation, test } = accuracies;
	const optimum = bestRow([...validation.keys()], validation)!;
	const paths = searches.map((rows) => bestSoFar(rows, validation));
	const curve = Array.from({ length: options.evaluations }, (_, n) =>
		mean(paths.map((path) => test[path[Math.min(n, path.length - 1)]!]!)),
	);
	const after = REPORTED.map((part) => Math.round(part * options.evaluations)).map((evaluations) => ({
		evaluations,
		...searchResult(
			accuracies,
			searches.map((rows) => rows.slice(0, evaluations)),
			optimum,
		),
	}));
	return { ...name, curve, after, untilOptimum: medianUntil(paths, validation, optimum) };
}

/** The best row after each evaluation. */
function bestSoFar(rows: readonly number[], values: readonly number[]): number[] {
	let best = rows[0]!;
	return rows.map((row) => {
		if (values[row]! > values[best]!) best = row;
		return best;
	});
}

function medianUntil(
	paths: readonly (readonly number[])[],
	values: readonly number[],
	optimum: number,
): number | null {
	const found = paths.map((path) => path.findIndex((row) => values[row] === values[optimum]));
	const needed = found.map((n) => (n < 0 ? Infinity : n + 1)).sort((a, b) => a - b);
	const [low, high] = [needed[Math.floor((needed.length - 1) / 2)]!, needed[Math.floor(needed.length / 2)]!];
	return Number.isFinite(high) ? (low + high) / 2 : null;
}

/** A row for each data set, source and acquisition function, with published figures. */
export function describeBo(rows: readonly BoRow[]): string {
	const numbers = rows[0]?.after.map(({ evaluations }) => evaluations) ?? [];
	const shown = rows.map(({ dataSet, source, acquisition, after, untilOptimum }) => [
		...[dataSet, source, acquisition?.toUpperCase() ?? ""],
		...after.map(({ test }) => plusMinus(test)),
		(100 * after.at(-1)!.optimumFound).toFixed(1),
		untilOptimum ?? "",
	]);
	const published = Object.entries(PUBLISHED_BO)
		.filter(([dataSet]) => rows.some((row) => row.dataSet === dataSet))
		.flatMap(([dataSet, methods]) =>
			Object.entries(methods).map(([method, [test, trained]]) => [
				...[dataSet, `${method}, published`, ""],
				...numbers.map((_, i) => (i === numbers.length - 1 ? test.toFixed(2) : "")),
				...["", trained],
			]),
		);
	const head = ["data set", "candidates", "acquisition", ...numbers.map((n) => `test after ${n}`)];
	return table([...head, "found %", "evaluations until found"], [...shown, ...published]);
}

/** Writes a plot of each data set and acquisition function, bo-DATA_SET-ACQUISITION.svg. */
export async function writeBoPlots(folder: string, rows: readonly BoRow[]): Promise<void> {
	const names = new Map(
		rows.flatMap(({ dataSet, acquisition }) =>
			acquisition === null ? [] : [[`bo-${dataSet}-${acquisition}.svg`, { dataSet, acquisition }] as const],
		),
	);
	await mkdir(folder, { recursive: true });
	for (const [name, { dataSet, acquisition }] of names)
		await writeWhole(join(folder, name), await renderSvg(boPlot(rows, dataSet, acquisition)));
}

/** Mean test accuracy over evaluations on one data set, for one acquisition function. */
function boPlot(rows: readonly BoRow[], dataSet: string, acquisition: AcquisitionName): LinePlot {
	const own = rows.filter(
		(row) => row.dataSet === dataSet && (row.acquisition ?? acquisition) === acquisition,
	);
	return {
		kind: "lines",
		title: `Best architecture by validation on ${dataSet}, ${acquisition.toUpperCase()}`,
		x: { title: "evaluations" },
		y: { title: "mean test accuracy, %" },
		lines: own.map(({ source, curve }) => ({
			name: source,
			points: curve.flatMap((value, n) => (n >= PLOTTED_FROM ? [[n + 1, value] as const] : [])),
		})),
	};
}

/** Before, the curves are those of the first random architectures and would press the others together. */
const PLOTTED_FROM = 9;
