import type { LinePlot } from "@archgen/plots";
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
export async function table2(task: Table2Task): Promise<Table2> {
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
			return [evaluations, scores.reduce((sum, score) => sum + score, 0) / scores.length] as const;
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
