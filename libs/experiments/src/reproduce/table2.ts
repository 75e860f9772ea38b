import type { Bundle } from "@archgen/models";
import { loadLocalGenerator, type RunContext } from "@archgen/pipeline";
import type { LinePlot } from "@archgen/plots";
import type { ProxyName } from "@archgen/proxies";
import { mean } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";
import { plusMinus, short, table } from "@archgen/text";
import { TABLE2_BUDGETS, type Table2BudgetName } from "./table2-budgets.js";
import {
	TABLE2_METHODS,
	type Table2Method,
	type Table2Row,
	type Table2Settings,
	type Table2Task,
} from "./table2-row.js";
import { Table2Run } from "./table2-run.js";

export interface Table2 {
	/** What was maximised. */
	readonly objective: ProxyName;
	readonly rows: readonly Table2Row[];
}

/** Table 2 by a proxy: the best network under a budget by several ways of coming to one, all scored alike. */
async function table2(task: Table2Task): Promise<Table2> {
	const rows: Table2Row[] = [];
	for (const budget of task.budgets) {
		for (let seed = 0; seed < task.seeds; seed++) {
			for (const method of task.methods.filter((name) => isFor(name, budget)))
				rows.push(await new Table2Run(task, budget, method, seed).row());
		}
	}
	return { objective: task.objective, rows };
}

/** Some budgets have no released networks. */
function isFor(method: Table2Method, budget: Table2BudgetName): boolean {
	return method !== "released" || TABLE2_BUDGETS[budget].released !== null;
}

/** Best score over evaluations under one budget, the mean over seeds for each way; released networks as a level. */
export function table2Plot({ objective, rows }: Table2, budget: Table2BudgetName): LinePlot {
	const lines = TABLE2_METHODS.flatMap((method) => {
		const own = rows.filter((row) => row.budget === budget && row.method === method);
		if (own.length === 0) return [];
		return method === "released" ? releasedLevel(own, rows) : { name: method, points: meanCurve(own) };
	});
	return {
		kind: "lines",
		title: `Best ${objective} under the budget ${budget}`,
		x: { title: "evaluated networks" },
		y: { title: `best ${objective}` },
		lines,
	};
}

function meanCurve(runs: readonly Table2Row[]): (readonly [number, number])[] {
	const curves = runs.map(({ curve }) => curve);
	return curves[0]!.map(([evaluations], i) => [
		evaluations,
		mean(curves.map((points) => points[Math.min(i, points.length - 1)]![1])),
	]);
}

function releasedLevel(released: readonly Table2Row[], all: readonly Table2Row[]) {
	const level = mean(released.map((row) => row.mean));
	const last = Math.max(...all.map(({ evaluations }) => evaluations));
	return { name: "released, mean", points: [0, last].map((at) => [at, level] as const) };
}

/** Table 2 with the generator of a bundle; goes on with the histories and rows of an interrupted run. */
export async function reproduceTable2(
	context: RunContext,
	bundle: Bundle,
	settings: Table2Settings,
): Promise<Table2> {
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: settings.workers });
	try {
		const generator = await loadLocalGenerator(bundle, pool, settings.workers);
		const { models, sequences } = generator;
		return await table2({ ...settings, models, sequences, cli: context }).finally(() => generator.close());
	} finally {
		await pool.close();
	}
}

/** A row for each run. */
export function describeTable2({ objective, rows }: Table2): string {
	const head = ["budget", "seed", "method", `best ${objective}`, "× released", "in full", "evaluations"];
	const digits = Math.max(...rows.map(({ best }) => best)) > 100 ? 0 : 3;
	const cells = rows.map(({ best, full, counts, ...row }) => [
		row.budget,
		row.seed,
		row.method,
		best.toFixed(digits),
		timesReleased(row, best, rows),
		plusMinus(full, (value) => value.toFixed(digits)),
		row.evaluations,
		row.cpuMinutes.toFixed(1),
		short(counts.parameterCount),
		short(counts.flopCount),
	]);
	return [
		table([...head, "CPU minutes", "parameters", "flopCount"], cells),
		"",
		"Searches score 16 images of half the side, 16 to 64 pixels; in full: 64 images of the target's size, other draws of weights. " +
			"× released: the best by the mean of the released networks with the same seed.",
	].join("\n");
}

function timesReleased(
	{ budget, seed }: Pick<Table2Row, "budget" | "seed">,
	best: number,
	rows: readonly Table2Row[],
): string {
	const released = rows.find(
		(row) => row.method === "released" && row.budget === budget && row.seed === seed,
	);
	return released === undefined ? "" : (best / released.mean).toFixed(2);
}
