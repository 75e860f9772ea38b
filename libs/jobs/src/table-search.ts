import { setImmediate } from "node:timers/promises";
import {
	BAYESIAN_OPTIONS,
	type Evaluation,
	mixedCandidates,
	mutationCandidates,
	optimizeArchitectures,
	randomCandidates,
} from "@archgen/bayesian-optimization";
import { type Constraints, checkConstraints, countGraph } from "@archgen/design";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { populationStatistics, type Survivors } from "@archgen/evolution";
import type { Random } from "@archgen/random";
import { architectureFromText } from "@archgen/score-diffusion";
import {
	type ArchitectureSpace,
	architectureKey,
	countLayers,
	type SearchSpace,
	searchSpace,
} from "@archgen/search-space";
import type { JobSpec, ScoreTable, ScoreTableRows } from "./job.js";
import type { JobSession } from "./job-session.js";
import { STRATEGIES } from "./search-options.js";
import type { SearchHooks, SearchProgress, SearchRun } from "./search-run.js";
import { readTableRecord, type TableRecord } from "./table-record.js";

/** A row that may be evaluated. */
interface Row {
	readonly architecture: unknown;
	/** As the table writes it. */
	readonly text: unknown;
	readonly value: number;
}

/** Goes on with a search that looks its evaluations up. @throws FAILED_PRECONDITION where no row is within the bounds */
export async function openTableSearch(
	spec: JobSpec,
	table: ScoreTable,
	session: JobSession,
	hooks: SearchHooks,
): Promise<SearchRun> {
	const space = searchSpace(table.space);
	const rows = await rowsWithin(space, await session.scoreTable(), spec.constraints, hooks.signal);
	const records = (await session.records()).map((line) => readTableRecord(line)!);
	const launched = (await session.launches()).map((line) => readTableRecord(line)!.proposal);
	return new TableRun(spec, space, rows, records, new Set(launched), session, hooks);
}

/** Rows of a table whose networks are within bounds, by the key of their architecture. */
async function rowsWithin(
	space: SearchSpace<unknown>,
	{ architectures, values }: ScoreTableRows,
	constraints: Constraints,
	signal: AbortSignal,
): Promise<Map<string, Row>> {
	const isBounded = Object.keys(constraints).length > 0;
	const rows = new Map<string, Row>();
	for (const [i, text] of architectures.entries()) {
		// Counting a whole table takes seconds: calls and timers come in between.
		if (i % 50 === 0) await setImmediate();
		throwIfAborted(signal);
		const architecture = architectureFromText(space, text);
		const isWithin =
			!isBounded ||
			checkConstraints(countGraph(space.lower(architecture), constraints), constraints).satisfied;
		if (isWithin) rows.set(architectureKey(space, architecture), { architecture, text, value: values[i]! });
	}
	if (rows.size > 0) return rows;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "NOTHING_WITHIN_BOUNDS",
		message: "No architecture of the table is within the bounds; loosen them.",
	});
}

/** Mutations in a row that lead to no row of the table before another one is taken. */
const MOST_MUTATIONS = 100;

/** A space confined to the rows of a table. */
function confined(
	space: ArchitectureSpace<unknown>,
	rows: ReadonlyMap<string, Row>,
): ArchitectureSpace<unknown> {
	const all = [...rows.values()];
	const random = (stream: Random) => stream.pick(all).architecture;
	const mutate = (architecture: unknown, stream: Random) => {
		for (let i = 0; i < MOST_MUTATIONS; i++) {
			const mutated = space.mutate(architecture, stream);
			if (rows.has(architectureKey(space, mutated))) return mutated;
		}
		return random(stream);
	};
	return { ...space, random, mutate };
}

/**
 * Bayesian optimisation over the rows of a table, or random search: that is the former with no end of its random start. The next architecture follows from
 * seed and history alone, so that an interrupted search goes on as if it never had been.
 */
class TableRun implements SearchRun {
	readonly #abort = new AbortController();
	readonly #signal: AbortSignal;
	readonly #space: ArchitectureSpace<unknown>;
	readonly #population: Survivors;
	readonly #evaluations: Evaluation<unknown>[] = [];
	readonly #initial: number;
	#best: TableRecord[] = [];
	#advancing: Promise<unknown> = Promise.resolve();

	/** @param launched proposals that were written down and have no outcome yet */
	constructor(
		private readonly spec: JobSpec,
		private readonly whole: SearchSpace<unknown>,
		private readonly rows: ReadonlyMap<string, Row>,
		records: readonly TableRecord[],
		private readonly launched: ReadonlySet<number>,
		private readonly session: JobSession,
		private readonly hooks: SearchHooks,
	) {
		this.#signal = AbortSignal.any([hooks.signal, this.#abort.signal]);
		this.#space = confined(whole, rows);
		this.#initial = spec.strategy === "random" ? spec.evaluations : BAYESIAN_OPTIONS.initial;
		this.#population = STRATEGIES[spec.strategy].survivors(spec.populationSize);
		for (const record of records) this.#adopt(record, architectureFromText(whole, record.architecture));
	}

	async advance(records: number): Promise<boolean> {
		const evaluations = Math.min(records, this.spec.evaluations);
		const { seed } = this.spec;
		const going = optimizeArchitectures(
			{ ...BAYESIAN_OPTIONS, initial: this.#initial, evaluations, seed },
			{
				space: this.#space,
				evaluate: (architecture) => this.rows.get(architectureKey(this.whole, architecture))!.value,
				source: mixedCandidates(mutationCandidates(this.#space), randomCandidates(this.#space)),
			},
			{
				signal: this.#signal,
				onEvaluation: async ({ architecture }) => {
					await this.#write(architecture);
					// A surrogate takes milliseconds: calls and timers come in between.
					await setImmediate();
				},
			},
			[...this.#evaluations],
		);
		this.#advancing = going.catch(() => {});
		const isExhausted = (await going).length < evaluations;
		return isExhausted || evaluations === this.spec.evaluations;
	}

	progress(): SearchProgress {
		const evaluated = this.#evaluations.length;
		const [best] = this.#best;
		return {
			evaluated,
			evaluations: this.spec.evaluations,
			inFlight: 0,
			phase: this.#phase(),
			best: best === undefined ? null : JSON.stringify(best),
			population: populationStatistics(this.#population.members),
			front: this.#best.map(({ index }) => index),
			dropped: {},
		};
	}

	/** A search that has evaluated every row within the bounds is finished. */
	isStalled(): boolean {
		return false;
	}

	async close(): Promise<void> {
		this.#abort.abort();
		await this.#advancing;
	}

	#phase() {
		return this.#evaluations.length < this.#initial ? "exploration" : "exploitation";
	}

	async #write(architecture: unknown): Promise<void> {
		const key = architectureKey(this.whole, architecture);
		const { text, value } = this.rows.get(key)!;
		const index = this.#evaluations.length;
		const record: TableRecord = {
			index,
			proposal: index,
			phase: this.#phase(),
			space: this.whole.name,
			architecture: text,
			counts: countLayers(this.whole.lower(architecture)),
			score: value,
		};
		const line = JSON.stringify(record);
		if (!this.launched.has(index))
			await this.session.launch({ proposal: index, hash: key, dropped: {} }, line);
		await this.session.record(record, line);
		this.#adopt(record, architecture);
		this.hooks.onRecord();
	}

	#adopt(record: TableRecord, architecture: unknown): void {
		const { index, score } = record;
		this.#evaluations.push({ architecture, value: score });
		this.#population.insert({ index, score, objectives: [score], excess: 0 });
		const best = this.#best[0]?.score ?? -Infinity;
		if (score > best) this.#best = [record];
		else if (score === best) this.#best.push(record);
	}
}
