import type { Bundle } from "@archgen/models";
import { loadLocalGenerator, type RunContext } from "@archgen/pipeline";
import type { LinePlot } from "@archgen/plots";
import { mean } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";
import { plusMinus, short, table } from "@archgen/text";
import { TABLE2_BUDGETS, type Table2BudgetName } from "./table2-budgets.js";
import {
	TABLE2_METHODS,
	type Table2Method,
	type Table2Row,
	Table2Run,
	type Table2Task,
} from "./table2-run.js";

export interface Table2 {
	readonly rows: readonly Table2Row[];
}

/** Table 2 in T-CET: the best network under a budget by four ways of finding one, all scored alike. */
async function table2(task: Table2Task): Promise<Table2> {
	const rows: Table2Row[] = [];
	for (const budget of task.budgets) {
		for (let seed = 0; seed < (task.seeds ?? TABLE2_BUDGETS[budget].seeds); seed++) {
			for (const method of TABLE2_METHODS) rows.push(await new Table2Run(task, budget, method, seed).row());
		}
	}
	return { rows };
}

/** Best score over evaluations under one budget, the mean over seeds for each method. */
export function table2Plot({ rows }: Table2, budget: Table2BudgetName): LinePlot {
	const own = rows.filter((row) => row.budget === budget);
	const curve = (method: Table2Method) => {
		const curves = own.filter((row) => row.method === method).map((row) => row.curve);
		return (curves[0] ?? []).map(([evaluations], i) => {
			const scores = curves.map((points) => points[Math.min(i, points.length - 1)]![1]);
			return [evaluations, mean(scores)] as const;
		});
	};
	return {
		kind: "lines",
		title: `Best T-CET under the budget ${budget}`,
		x: { title: "evaluated networks" },
		y: { title: "best T-CET" },
		lines: TABLE2_METHODS.map((method) => ({ name: method, points: curve(method) })),
	};
}

/** Table 2 with the generator of a bundle; goes on with the histories and rows of an interrupted run. */
export async function reproduceTable2(
	context: RunContext,
	bundle: Bundle,
	job: Omit<Table2Task, "models" | "sequences" | "cli">,
): Promise<Table2> {
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: job.workers });
	try {
		const generator = await loadLocalGenerator(bundle, pool, job.workers);
		const { models, sequences } = generator;
		return await table2({ ...job, models, sequences, cli: context }).finally(() => generator.close());
	} finally {
		await pool.close();
	}
}

/** A row for each run. */
export function describeTable2({ rows }: Table2): string {
	const head = ["budget", "seed", "method", "best T-CET", "in full", "evaluations", "CPU minutes"];
	const cells = rows.map(({ best, full, counts, ...row }) => [
		row.budget,
		row.seed,
		row.method,
		best.toFixed(0),
		plusMinus(full, (value) => value.toFixed(0)),
		row.evaluations,
		row.cpuMinutes.toFixed(1),
		short(counts.parameterCount),
		short(counts.flopCount),
	]);
	return [
		table([...head, "parameters", "flopCount"], cells),
		"",
		"Searches score 16 images of half the side, 16 to 64 pixels; in full: 64 images of the target's size, three other draws of weights.",
	].join("\n");
}
