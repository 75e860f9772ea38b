import type { SequenceGenerator } from "@archgen/design";
import type { CellModels, RunContext } from "@archgen/pipeline";
import type { LinePlot } from "@archgen/plots";
import type { Counts } from "@archgen/search-space";
import { TABLE2_BUDGETS, type Table2BudgetName } from "./table2-budgets.js";
import { Table2Run } from "./table2-run.js";

/** What the table is made with. */
export interface Table2Task {
	readonly cli: RunContext;
	readonly models: CellModels;
	readonly sequences: SequenceGenerator;
	readonly budgets: readonly Table2BudgetName[];
	/** Of each search. */
	readonly evaluations: number;
	/** Of the generator. */
	readonly generatorEvaluations: number;
	readonly population: number;
	/** Runs with other seeds; that of the budget unless given. */
	readonly seeds?: number | undefined;
	readonly workers: number;
	/** Folder of histories and finished rows, from which an interrupted run goes on. */
	readonly work: string;
}

/** Ways to find a network, in the order of the table. */
export const TABLE2_METHODS = ["random", "cells", "hl-evo", "generator"] as const;
export type Table2Method = (typeof TABLE2_METHODS)[number];

/** One way to find a network under one budget with one seed. */
export interface Table2Row {
	readonly budget: Table2BudgetName;
	readonly method: Table2Method;
	readonly seed: number;
	/** T-CET of the best network found, in the setting and with the weights that it was found with (`searchScoring`). */
	readonly best: number;
	/** T-CET of the same network in full (`fullScoring`) with other initial weights: the best of many draws is partly luck. */
	readonly full: { readonly mean: number; readonly sd: number };
	readonly evaluations: number;
	readonly cpuMinutes: number;
	readonly counts: Counts;
	/** Best score after so many evaluations, at every tenth of them. */
	readonly curve: readonly (readonly [evaluations: number, best: number])[];
}

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
