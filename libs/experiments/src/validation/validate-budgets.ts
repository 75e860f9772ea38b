import { inOrderOfCompletion } from "@archgen/concurrency";
import {
	addDrops,
	CELL_TEMPERATURES,
	type CellFailure,
	type CellGenerator,
	cellRequestOf,
	checkConstraints,
	countBounded,
	type DropCounts,
	isCellFailure,
	networkOf,
} from "@archgen/design";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { conditionOf, type GenerationResult, generate, LARGEST_FIRST } from "@archgen/generation";
import type { Bundle } from "@archgen/models";
import {
	type LocalSequences,
	loadCellGenerator,
	loadLocalGenerator,
	type RunContext,
} from "@archgen/pipeline";
import { DEFAULT_OBJECTIVE, OBJECTIVES, withUsualDepth } from "@archgen/proxies";
import { createRandom, type Random } from "@archgen/random";
import { type Cell, countNetwork, validateNetwork } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { type BudgetTask, randomBudget } from "./random-budgets.js";

/** What keeping budgets has come to. */
export interface BudgetReport {
	/** Random combinations of bounds that were asked for. */
	readonly requests: number;
	/** Requests refused before anything was drawn, because no network of the space is that small. */
	readonly refused: number;
	/** Requests answered without a network, with a reason. */
	readonly empty: number;
	/** Networks in the answers. */
	readonly networks: number;
	/** Of these, networks that break a bound by an independent count. */
	readonly outside: number;
	/** Networks that were drawn for the answers, in all rounds. */
	readonly drawn: number;
	/** Of these, by reason, what was not good enough for an answer. */
	readonly dropped: DropCounts;
	/** Share of the drawn networks that were inside every bound. */
	readonly drawnInside: number;
	/** The same where neither sequences nor cells know the bounds, only the condition. */
	readonly unmaskedInside: number;
	/** Share of the tightest upper bound that the networks of the answers use. */
	readonly use: {
		readonly least: number;
		readonly p10: number;
		readonly median: number;
		readonly p90: number;
	};
}

export interface BudgetValidation {
	readonly sequences: LocalSequences;
	readonly synonyms: CellGenerator;
	/** Networks to ask for, in requests of `perRequest`. */
	readonly networks: number;
	readonly perRequest: number;
	/** Requests at a time: the models work on their rows together. The report does not depend on it. */
	readonly parallelism: number;
	readonly seed: number;
	readonly signal: AbortSignal;
	readonly onProgress: (networks: number) => void;
}

/** Asks for networks under random combinations of bounds and counts what comes back. */
async function validateBudgets(task: BudgetValidation): Promise<BudgetReport> {
	const random = createRandom(task.seed).fork("budgets");
	const tally = new Tally();
	const requests = Array.from({ length: Math.ceil(task.networks / task.perRequest) }, (_, i) => i);
	let done = 0;
	for await (const add of inOrderOfCompletion(requests, task.parallelism, (i) => ask(task, random.fork(i)))) {
		add(tally);
		task.onProgress(Math.min(task.networks, ++done * task.perRequest));
	}
	return tally.report();
}

/** Asks under one combination of bounds; gives what adds the answer to a tally. */
async function ask(task: BudgetValidation, random: Random): Promise<(tally: Tally) => void> {
	const { perRequest, signal } = task;
	throwIfAborted(signal);
	const wanted = { ...randomBudget(random), seed: random.integer(2 ** 31), candidates: perRequest };
	try {
		const dependencies = { ...task, scorer: LARGEST_FIRST, now: () => 0 };
		// as a request that names no objective is bounded
		const { parts } = OBJECTIVES[DEFAULT_OBJECTIVE];
		const constraints = withUsualDepth(wanted.constraints, parts, wanted.target);
		const result = await generate({ ...wanted, constraints, topK: perRequest }, dependencies, { signal });
		const inside = await unmasked(task, { ...wanted, constraints }, random);
		return (tally) => {
			tally.answer(wanted, result);
			tally.unmasked(inside);
		};
	} catch (error) {
		if (!(error instanceof ArchgenError) || error.reason !== "INVALID_REQUEST") throw error;
		return (tally) => tally.refused();
	}
}

/** For each free sequence with cells as they are drawn: whether the network is inside the bounds. */
async function unmasked(
	{ sequences, synonyms, perRequest, signal }: BudgetValidation,
	wanted: BudgetTask & { readonly seed: number },
	random: Random,
): Promise<boolean[]> {
	const condition = conditionOf(wanted, 0);
	const free = await sequences.free({ ...wanted, condition, count: perRequest }, signal);
	const wantedCells = free.flatMap(({ stages }) => stages.map(cellRequestOf));
	const draws = createRandom(random.fork("unmasked cells").integer(2 ** 31));
	const cells = [...(await synonyms.sample(wantedCells, draws, { temperatures: CELL_TEMPERATURES, signal }))];
	return free.map((sequence) => {
		const own: readonly (Cell | CellFailure)[] = cells.splice(0, sequence.stages.length);
		if (own.some(isCellFailure)) return false;
		const network = networkOf(sequence, own as Cell[], wanted.target);
		return checkConstraints(countBounded(network, wanted.constraints), wanted.constraints).satisfied;
	});
}

/** Adds the answers up. */
class Tally {
	#requests = 0;
	#refused = 0;
	#empty = 0;
	#outside = 0;
	#drawn = 0;
	#drawnInside = 0;
	#dropped: DropCounts = {};
	readonly #uses: number[] = [];
	readonly #unmasked: boolean[] = [];

	refused(): void {
		this.#requests += 1;
		this.#refused += 1;
	}

	answer({ constraints }: BudgetTask, { networks, drawn, dropped, reason }: GenerationResult): void {
		this.#requests += 1;
		this.#drawn += drawn;
		this.#dropped = addDrops(this.#dropped, dropped);
		const outside = Object.entries(dropped).filter(([name]) => name !== "duplicate");
		this.#drawnInside += drawn - outside.reduce((sum, [, count]) => sum + count, 0);
		if (networks.length === 0 && reason) this.#empty += 1;
		for (const { network } of networks) {
			const { satisfied, margins } = checkConstraints(countNetwork(validateNetwork(network)), constraints);
			if (!satisfied) this.#outside += 1;
			const upper = Object.entries(margins).filter(([name]) => name.startsWith("max"));
			this.#uses.push(Math.max(...upper.map(([, { value, limit }]) => value / limit)));
		}
	}

	unmasked(inside: readonly boolean[]): void {
		this.#unmasked.push(...inside);
	}

	report(): BudgetReport {
		const sorted = [...this.#uses].sort((a, b) => a - b);
		const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
		return {
			requests: this.#requests,
			refused: this.#refused,
			empty: this.#empty,
			networks: sorted.length,
			outside: this.#outside,
			drawn: this.#drawn,
			dropped: this.#dropped,
			drawnInside: this.#drawnInside / Math.max(1, this.#drawn),
			unmaskedInside: this.#unmasked.filter(Boolean).length / Math.max(1, this.#unmasked.length),
			use: { least: quantile(0), p10: quantile(0.1), median: quantile(0.5), p90: quantile(0.9) },
		};
	}
}

/** Budgets to validate with the models of a bundle. */
export interface BundleBudgetsJob extends Pick<BudgetValidation, "networks" | "perRequest" | "seed"> {
	/** Name of the cell generator; the first one of the bundle for the empty name. */
	readonly cellGenerator: string;
	/** Threads of the models. */
	readonly workers: number;
}

/** `validateBudgets` with the models of a bundle in this process. */
export async function validateBundleBudgets(
	context: RunContext,
	bundle: Bundle,
	{ networks, perRequest, seed, workers, cellGenerator }: BundleBudgetsJob,
): Promise<BudgetReport> {
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const progress = context.startProgress({ title: "networks", total: networks });
	try {
		const synonyms = await loadCellGenerator(bundle, pool, cellGenerator, "--cell-generator");
		const generator = await loadLocalGenerator(bundle, pool, workers);
		const task = { ...generator, synonyms, networks, perRequest, seed, parallelism: 2 * workers };
		return await validateBudgets({
			...task,
			signal: context.signal,
			onProgress: progress.update,
		}).finally(() => generator.close());
	} finally {
		progress.stop();
		await pool.close();
	}
}
