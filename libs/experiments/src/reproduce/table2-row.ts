import type { SequenceGenerator } from "@archgen/design";
import { CELL_EVOLUTION, HL_EVO, HL_EVO_MEANS, RANDOM_SEARCH, type SearchStrategy } from "@archgen/evolution";
import type { CellModels, RunContext } from "@archgen/pipeline";
import type { ProxyName } from "@archgen/proxies";
import type { Counts } from "@archgen/search-space";
import type { Table2BudgetName } from "./table2-budgets.js";

/** What the table is to show. */
export interface Table2Settings {
	readonly budgets: readonly Table2BudgetName[];
	readonly methods: readonly Table2Method[];
	/** Of each search. */
	readonly evaluations: number;
	/** Of the generator. */
	readonly generatorEvaluations: number;
	readonly population: number;
	/** What is maximised, and what released networks are scored by. */
	readonly objective: ProxyName;
	/** Runs of each way, with seeds from 0 on. */
	readonly seeds: number;
	/** Draws of initial weights for a winner's score in full, two at least. */
	readonly draws: number;
	readonly workers: number;
	/** Folder of histories and finished rows, from which an interrupted run goes on. */
	readonly work: string;
}

/** What the table is made with. */
export interface Table2Task extends Table2Settings {
	readonly cli: RunContext;
	readonly models: CellModels;
	readonly sequences: SequenceGenerator;
}

/** Searches: how, and whether cells come from the models or are drawn at random. */
export const TABLE2_SEARCHES = {
	random: { strategy: RANDOM_SEARCH, clustered: false },
	cells: { strategy: CELL_EVOLUTION, clustered: false },
	"hl-evo": { strategy: HL_EVO, clustered: true },
	"hl-evo-means": { strategy: HL_EVO_MEANS, clustered: true },
	"hl-evo-random-cells": { strategy: HL_EVO, clustered: false },
} as const satisfies Readonly<Record<string, { strategy: SearchStrategy; clustered: boolean }>>;
export type Table2Search = keyof typeof TABLE2_SEARCHES;

/** Ways to come to a network, in the order of the table; `released` takes the best of those that the paper's authors released. */
export const TABLE2_METHODS = [
	"released",
	...(Object.keys(TABLE2_SEARCHES) as Table2Search[]),
	"generator",
] as const;
export type Table2Method = (typeof TABLE2_METHODS)[number];

/** One way to find a network under one budget with one seed. */
export interface Table2Row {
	readonly budget: Table2BudgetName;
	readonly method: Table2Method;
	readonly seed: number;
	/** Objective of the best network found, in the setting and with the weights that it was found with (`searchScoring`). */
	readonly best: number;
	/** Mean over all that were evaluated, in the same setting. */
	readonly mean: number;
	/** Objective of the best network in full (`fullScoring`) with other initial weights: the best of many draws is partly luck. */
	readonly full: { readonly mean: number; readonly sd: number };
	readonly evaluations: number;
	readonly cpuMinutes: number;
	readonly counts: Counts;
	/** Best score after so many evaluations, at every twentieth of them: HL-Evo's first phase ends at three twentieths. */
	readonly curve: readonly (readonly [evaluations: number, best: number])[];
}
