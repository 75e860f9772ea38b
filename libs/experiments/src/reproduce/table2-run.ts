import { readFile } from "node:fs/promises";
import { type ImageBatch, seededBatch } from "@archgen/datasets";
import {
	CELL_TEMPERATURES,
	type CellGenerator,
	type Constraints,
	type NetworkScorer,
	RANDOM_CELLS,
	RANDOM_CLUSTERS,
	type ScoreOutcome,
} from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { designNetwork } from "@archgen/evolution";
import { generate } from "@archgen/generation";
import {
	CpuClock,
	fingerprint,
	fullScoring,
	proxyScoring,
	RELEASED_ARCHITECTURES,
	runSearch,
	type SearchScoring,
	searchScoring,
	synonymCells,
	Workspace,
} from "@archgen/pipeline";
import { ScoringPool, withUsualDepth } from "@archgen/proxies";
import { countNetwork, graphNetFileFromJson, type Network } from "@archgen/search-space";
import { mean, standardDeviation } from "@archgen/statistics";
import { CpuAccount } from "./cpu-account.js";
import { TABLE2_BUDGETS, type Table2Budget, type Table2BudgetName } from "./table2-budgets.js";
import {
	TABLE2_SEARCHES,
	type Table2Method,
	type Table2Row,
	type Table2Search,
	type Table2Task,
} from "./table2-row.js";

const TEMPERATURE = 0.4;
/** Seed of the first draw of initial weights for a winner's score in full. */
const FIRST_DRAW = 1001;
const CURVE_POINTS = 20;

/** What a way of finding networks came to. */
interface Found {
	readonly scores: readonly number[];
	readonly network: Network;
}

/** The objective, or not a number where it could not be computed. */
function scoreOf(outcome: ScoreOutcome): number {
	return outcome.ok ? outcome.parts[0]! : Number.NaN;
}

/** One row in the making. */
export class Table2Run {
	readonly #spec: Table2Budget;
	readonly #constraints: Constraints;
	readonly #work: Workspace;
	readonly #name: string;
	readonly #cpu: CpuAccount;
	readonly #scoring: SearchScoring;
	readonly #batch: ImageBatch;

	constructor(
		private readonly task: Table2Task,
		private readonly budget: Table2BudgetName,
		private readonly method: Table2Method,
		private readonly seed: number,
	) {
		this.#spec = TABLE2_BUDGETS[budget];
		this.#constraints = withUsualDepth(this.#spec.constraints, [task.objective], this.#spec.target);
		this.#work = new Workspace(task.work);
		this.#name = `${budget}-${method}-${seed}`;
		this.#cpu = new CpuAccount(this.#work, this.#name);
		this.#scoring = searchScoring(this.#spec.target);
		this.#batch = this.#images(this.#scoring);
	}

	#images(scoring: SearchScoring): ImageBatch {
		return seededBatch(this.seed, { ...scoring, classes: this.#spec.target.classes });
	}

	/** The row, computed or read from an earlier run with the same settings. */
	async row(): Promise<Table2Row> {
		const { task, method } = this;
		const settings = fingerprint(
			{
				target: this.#spec.target,
				constraints: this.#constraints,
				...{ objective: task.objective, draws: task.draws },
			},
			this.#scoring,
			task.models.identity,
			this.#effort(),
		);
		const known = await readFile(this.#work.path(`${this.#name}.json`), "utf8").catch(() => undefined);
		const finished = known && (JSON.parse(known) as { settings: string; row: Table2Row });
		if (finished && finished.settings === settings) return finished.row;
		const row = await this.#rowOf(await this.#find(method));
		await this.#work.writeJson([`${this.#name}.json`], { settings, row });
		return row;
	}

	#find(method: Table2Method): Promise<Found> {
		if (method === "released") return this.#released();
		return method === "generator" ? this.#generate() : this.#search(TABLE2_SEARCHES[method]);
	}

	/** What the way of finding networks takes, and the generator or the strategy that it asks. */
	#effort(): readonly (number | string)[] {
		const { evaluations, generatorEvaluations, population, sequences } = this.task;
		const { method } = this;
		if (method === "released") return [];
		if (method === "generator") return [generatorEvaluations, sequences.version];
		return [evaluations, population, TABLE2_SEARCHES[method].strategy.name];
	}

	/** The architectures of the set with the classes of this budget. */
	async #released(): Promise<Found> {
		const file: unknown = JSON.parse(await readFile(RELEASED_ARCHITECTURES, "utf8"));
		const networks = graphNetFileFromJson(file)
			.filter(({ set }) => set === this.#spec.released)
			.map(({ network }) => ({ ...network, classes: this.#spec.target.classes }));
		return this.#withScorer(async (pool, clock) => {
			const scorer = this.#scorer(pool);
			const { signal } = this.task.cli;
			const all = await Promise.all(
				networks.map(async (network) => ({ network, score: scoreOf(await scorer.score(network, signal)) })),
			);
			const scored = all.filter(({ score }) => Number.isFinite(score));
			await this.#cpu.set(clock.seconds);
			const scores = scored.map(({ score }) => score);
			const best = scored[scores.indexOf(Math.max(...scores))];
			return { scores, network: this.#found(best).network };
		});
	}

	async #search({ strategy, clustered }: (typeof TABLE2_SEARCHES)[Table2Search]): Promise<Found> {
		const { cli, models, evaluations, population, objective, workers } = this.task;
		const cells: CellGenerator = clustered ? synonymCells(models, CELL_TEMPERATURES) : RANDOM_CELLS;
		const { target } = this.#spec;
		const { history, best } = await runSearch(cli, {
			title: this.#name,
			options: {
				target,
				constraints: this.#constraints,
				evaluations,
				populationSize: population,
				seed: this.seed,
				strategy,
				clusters: clustered ? models.mixture.weights.length : RANDOM_CLUSTERS,
			},
			cells,
			cellIdentity: clustered ? `${models.identity} temperature ${TEMPERATURE}` : "random",
			batch: this.#batch,
			proxy: objective,
			workers,
			out: this.#work.path(`${this.#name}.jsonl`),
			onCpu: (seconds) => this.#cpu.add(seconds),
		});
		return {
			scores: history.map(({ score }) => score),
			network: designNetwork(this.#found(best).design, target),
		};
	}

	async #generate(): Promise<Found> {
		const { cli, models, sequences, generatorEvaluations: count } = this.task;
		const scores: number[] = [];
		const progress = cli.startProgress({ title: this.#name, total: count });
		return this.#withScorer(async (pool, clock) => {
			const scorer = this.#scorer(pool, (score) => progress.update(scores.push(score)));
			try {
				const { networks } = await generate(
					{
						target: this.#spec.target,
						constraints: this.#constraints,
						...{ candidates: count, topK: 1, seed: this.seed, temperature: TEMPERATURE },
					},
					{ sequences, synonyms: synonymCells(models), scorer, now: () => performance.now() },
					{ signal: cli.signal },
				);
				// begun anew each time: unlike a search it does not go on
				await this.#cpu.set(clock.seconds);
				return { scores, network: this.#found(networks[0]).network };
			} finally {
				progress.stop();
			}
		});
	}

	/** @throws ArchgenError INVALID_ARGUMENT where nothing has a value of the objective, which some proxies have of no macro network */
	#found<T>(best: T | null | undefined): T {
		if (best !== null && best !== undefined) return best;
		const description = `${this.task.objective} has a value for no network of ${this.#name}; choose another one`;
		throw invalidArgument("--objective", description);
	}

	/** Scores as the searches do: same images, same weights. */
	#scorer(pool: ScoringPool, onScore: (score: number) => void = () => {}): NetworkScorer {
		const { objective: proxy, workers } = this.task;
		const scorer = proxyScoring({ scorer: pool, batch: this.#batch, proxy, seed: this.seed });
		return {
			...scorer,
			parallelism: workers,
			score: async (network, signal) => {
				const outcome = await scorer.score(network, signal);
				if (outcome.ok) onScore(outcome.parts[0]!);
				return outcome;
			},
		};
	}

	async #rowOf({ scores, network }: Found): Promise<Table2Row> {
		const full = await this.#withScorer((pool) => this.#inFull(pool, network));
		const step = Math.max(1, Math.ceil(scores.length / CURVE_POINTS));
		const ends = Array.from({ length: Math.ceil(scores.length / step) }, (_, i) =>
			Math.min(scores.length, (i + 1) * step),
		);
		return {
			budget: this.budget,
			method: this.method,
			seed: this.seed,
			best: Math.max(...scores),
			mean: mean(scores),
			full: { mean: mean(full), sd: standardDeviation(full) },
			evaluations: scores.length,
			cpuMinutes: (await this.#cpu.seconds()) / 60,
			counts: countNetwork(network),
			curve: ends.map((end) => [end, Math.max(...scores.slice(0, end))] as const),
		};
	}

	#inFull(pool: ScoringPool, network: Network): Promise<number[]> {
		const batch = this.#images(fullScoring(this.#spec.target));
		return Promise.all(
			Array.from({ length: this.task.draws }, async (_, draw) => {
				const seed = FIRST_DRAW + draw;
				const scorer = proxyScoring({ scorer: pool, batch, proxy: this.task.objective, seed });
				return scoreOf(await scorer.score(network, this.task.cli.signal));
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
}
