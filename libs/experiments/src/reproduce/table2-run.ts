import { readFile } from "node:fs/promises";
import { type ImageBatch, seededBatch } from "@archgen/datasets";
import {
	CELL_TEMPERATURES,
	type CellGenerator,
	type NetworkScorer,
	RANDOM_CELLS,
	RANDOM_CLUSTERS,
	type SequenceGenerator,
} from "@archgen/design";
import {
	CELL_EVOLUTION,
	designNetwork,
	HL_EVO,
	RANDOM_SEARCH,
	type SearchStrategy,
} from "@archgen/evolution";
import { generate } from "@archgen/generation";
import {
	type CellModels,
	CpuClock,
	fingerprint,
	fullScoring,
	proxyScoring,
	type RunContext,
	runSearch,
	type SearchScoring,
	searchScoring,
	synonymCells,
	Workspace,
} from "@archgen/pipeline";
import { ScoringPool } from "@archgen/proxies";
import { type Counts, countNetwork, type Network } from "@archgen/search-space";
import { mean, standardDeviation } from "@archgen/statistics";
import { TABLE2_BUDGETS, type Table2Budget, type Table2BudgetName } from "./table2-budgets.js";

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

const TEMPERATURE = 0.4;
/** Draws of initial weights for the winner's score in full. */
const FULL_SEEDS = [1001, 1002, 1003];

const SEARCHES: Readonly<
	Record<Exclude<Table2Method, "generator">, { strategy: SearchStrategy; clustered: boolean }>
> = {
	random: { strategy: RANDOM_SEARCH, clustered: false },
	cells: { strategy: CELL_EVOLUTION, clustered: false },
	"hl-evo": { strategy: HL_EVO, clustered: true },
};

/** What a way of finding networks came to. */
interface Found {
	readonly scores: readonly number[];
	readonly network: Network;
}

/** One row in the making. */
export class Table2Run {
	readonly #spec: Table2Budget;
	readonly #work: Workspace;
	readonly #name: string;
	readonly #scoring: SearchScoring;
	readonly #batch: ImageBatch;

	constructor(
		private readonly task: Table2Task,
		private readonly budget: Table2BudgetName,
		private readonly method: Table2Method,
		private readonly seed: number,
	) {
		this.#spec = TABLE2_BUDGETS[budget];
		this.#work = new Workspace(task.work);
		this.#name = `${budget}-${method}-${seed}`;
		this.#scoring = searchScoring(this.#spec.target);
		this.#batch = this.#images(this.#scoring);
	}

	#images(scoring: SearchScoring): ImageBatch {
		return seededBatch(this.seed, { ...scoring, classes: this.#spec.target.classes });
	}

	/** The row, computed or read from an earlier run with the same settings. */
	async row(): Promise<Table2Row> {
		const { task, method } = this;
		const settings = fingerprint(this.#spec, this.#scoring, task.models.identity, this.#effort());
		const known = await readFile(this.#work.path(`${this.#name}.json`), "utf8").catch(() => undefined);
		const finished = known && (JSON.parse(known) as { settings: string; row: Table2Row });
		if (finished && finished.settings === settings) return finished.row;
		const found = method === "generator" ? await this.#generate() : await this.#search(SEARCHES[method]);
		const row = await this.#rowOf(found);
		await this.#work.writeJson([`${this.#name}.json`], { settings, row });
		return row;
	}

	/** What the way of finding networks takes, and the sequence generator that it asks. */
	#effort(): readonly (number | string)[] {
		const { evaluations, generatorEvaluations, population, sequences } = this.task;
		return this.method === "generator"
			? [generatorEvaluations, sequences.version]
			: [evaluations, population];
	}

	async #search({ strategy, clustered }: (typeof SEARCHES)["random"]): Promise<Found> {
		const { cli, models, evaluations, population, workers } = this.task;
		const cells: CellGenerator = clustered ? synonymCells(models, CELL_TEMPERATURES) : RANDOM_CELLS;
		const { target, constraints } = this.#spec;
		const { history, best } = await runSearch(cli, {
			title: this.#name,
			options: {
				target,
				constraints,
				evaluations,
				populationSize: population,
				seed: this.seed,
				strategy,
				clusters: clustered ? models.mixture.weights.length : RANDOM_CLUSTERS,
			},
			cells,
			cellIdentity: clustered ? `${models.identity} temperature ${TEMPERATURE}` : "random",
			batch: this.#batch,
			proxy: "tcet",
			workers,
			out: this.#work.path(`${this.#name}.jsonl`),
			onCpu: (seconds) => this.#addCpu(seconds),
		});
		return { scores: history.map(({ score }) => score), network: designNetwork(best!.design, target) };
	}

	async #generate(): Promise<Found> {
		const { cli, models, sequences, generatorEvaluations: count } = this.task;
		const scores: number[] = [];
		const progress = cli.startProgress({ title: this.#name, total: count });
		return this.#withScorer(async (pool, clock) => {
			const scorer = this.#scorer(pool, (score) => progress.update(scores.push(score)));
			try {
				const { networks } = await generate(
					{ ...this.#spec, candidates: count, topK: 1, seed: this.seed, temperature: TEMPERATURE },
					{ sequences, synonyms: synonymCells(models), scorer, now: () => performance.now() },
					{ signal: cli.signal },
				);
				// begun anew each time: unlike a search it does not go on
				await this.#keepCpu(clock.seconds);
				return { scores, network: networks[0]!.network };
			} finally {
				progress.stop();
			}
		});
	}

	/** Scores as the searches do: same images, same weights. */
	#scorer(pool: ScoringPool, onScore: (score: number) => void): NetworkScorer {
		const scorer = proxyScoring({ scorer: pool, batch: this.#batch, proxy: "tcet", seed: this.seed });
		return {
			...scorer,
			parallelism: this.task.workers,
			score: async (network, signal) => {
				const outcome = await scorer.score(network, signal);
				if (outcome.ok) onScore(outcome.parts[0]!);
				return outcome;
			},
		};
	}

	async #rowOf({ scores, network }: Found): Promise<Table2Row> {
		const full = await this.#withScorer((pool) => this.#inFull(pool, network));
		const step = Math.max(1, Math.ceil(scores.length / 10));
		const ends = Array.from({ length: Math.ceil(scores.length / step) }, (_, i) =>
			Math.min(scores.length, (i + 1) * step),
		);
		return {
			budget: this.budget,
			method: this.method,
			seed: this.seed,
			best: Math.max(...scores),
			full: { mean: mean(full), sd: standardDeviation(full) },
			evaluations: scores.length,
			cpuMinutes: (await this.#cpuSeconds()) / 60,
			counts: countNetwork(network),
			curve: ends.map((end) => [end, Math.max(...scores.slice(0, end))] as const),
		};
	}

	#inFull(pool: ScoringPool, network: Network): Promise<number[]> {
		const batch = this.#images(fullScoring(this.#spec.target));
		return Promise.all(
			FULL_SEEDS.map(async (seed) => {
				const scorer = proxyScoring({ scorer: pool, batch, proxy: "tcet", seed });
				const outcome = await scorer.score(network, this.task.cli.signal);
				return outcome.ok ? outcome.parts[0]! : Number.NaN;
			}),
		);
	}

	async #withScorer<T>(body: (pool: ScoringPool, clock: CpuClock) => Promise<T>): Promise<T> {
		const pool = ScoringPool.create({ workers: this.task.workers, threadsPerWorker: 1 });
		try {
			return await body(pool, new CpuClock(pool));
		} finally {
			await pool.close();
		}
	}

	async #cpuSeconds(): Promise<number> {
		const text = await readFile(this.#work.path(`${this.#name}.cpu.json`), "utf8").catch(
			() => '{"seconds":0}',
		);
		return (JSON.parse(text) as { seconds: number }).seconds;
	}

	/** Adds up over interruptions. */
	async #addCpu(seconds: number): Promise<void> {
		await this.#keepCpu((await this.#cpuSeconds()) + seconds);
	}

	async #keepCpu(seconds: number): Promise<void> {
		await this.#work.writeJson([`${this.#name}.cpu.json`], { seconds });
	}
}
