import { type CostName, type Priced, paretoObjectives } from "./costs.js";
import { ParetoFront } from "./pareto.js";
import type { Member, Survivors } from "./population.js";
import { type PopulationStatistics, populationStatistics } from "./progress.js";
import type { SearchStrategy } from "./strategies.js";

/** The part of a record that a chart shows. */
export interface EvaluationFacts extends Priced {
	/** Position in the history, from 0. */
	readonly index: number;
	readonly score: number;
	/** By how much constraints are broken, in parts of the bounds. */
	readonly excess: number;
}

/** A point of a summary. */
export interface SummaryPoint extends EvaluationFacts {
	/** No other feasible evaluation dominates it in score and costs. */
	readonly onFront: boolean;
	/** No feasible evaluation before it has a score as high. */
	readonly bestSoFar: boolean;
}

/** The population after a number of evaluations. */
export interface PopulationPoint {
	readonly evaluated: number;
	readonly population: PopulationStatistics;
}

/** A history in as many points as a chart can show. */
export interface HistorySummary {
	/** Evaluations in all. */
	readonly evaluated: number;
	/** Front, best evaluations and an even sample, by index. */
	readonly points: readonly SummaryPoint[];
	readonly population: readonly PopulationPoint[];
}

/** Looks at the population that a summary keeps. */
const POPULATION_POINTS = 500;

/** The search whose history is summarised. */
export interface SummarizedSearch {
	readonly strategy: SearchStrategy;
	readonly populationSize: number;
	readonly costs: readonly CostName[];
}

/**
 * Summarises a history that is told evaluation by evaluation, in memory that does not grow with its length: an even sample whose step doubles when
 * it is full, the front, every evaluation that was the best so far, and the population, which is replayed.
 */
export class HistorySummarizer {
	readonly #costs: readonly CostName[];
	readonly #survivors: Survivors;
	readonly #front = new ParetoFront<Member & { readonly facts: EvaluationFacts }>();
	readonly #best: EvaluationFacts[] = [];
	readonly #sample: Thinned<EvaluationFacts>;
	readonly #population = new Thinned<PopulationPoint>(POPULATION_POINTS);
	#evaluated = 0;

	/** @param points size of the sample at most */
	constructor(
		{ strategy, populationSize, costs }: SummarizedSearch,
		private readonly points: number,
	) {
		this.#costs = costs;
		this.#survivors = strategy.survivors(populationSize);
		this.#sample = new Thinned(points);
	}

	/** Evaluations that it was told. */
	get evaluated(): number {
		return this.#evaluated;
	}

	/** Adds the next evaluation. */
	add(facts: EvaluationFacts): void {
		const { index, score, excess } = facts;
		const member = { index, score, excess, objectives: paretoObjectives(facts, this.#costs) };
		this.#survivors.insert(member);
		this.#front.add({ ...member, facts });
		if (excess <= 0 && score > (this.#best.at(-1)?.score ?? -Infinity)) this.#best.push(facts);
		this.#sample.add(this.#evaluated, () => facts);
		this.#evaluated += 1;
		this.#population.add(this.#evaluated, () => this.#look());
	}

	/** The summary so far. @param points size of the sample, that of the constructor at most */
	summary(points = this.points): HistorySummary {
		const best = new Set(this.#best);
		const front = new Set(this.#front.points.map(({ facts }) => facts));
		const kept = new Set([...front, ...best, ...evenly(this.#sample.items, points)]);
		const last = this.#population.items.at(-1)?.evaluated;
		const end = this.#evaluated === 0 || last === this.#evaluated ? [] : [this.#look()];
		return {
			evaluated: this.#evaluated,
			points: [...kept]
				.sort((a, b) => a.index - b.index)
				.map((facts) => ({ ...facts, onFront: front.has(facts), bestSoFar: best.has(facts) })),
			population: [...this.#population.items, ...end],
		};
	}

	#look(): PopulationPoint {
		return { evaluated: this.#evaluated, population: populationStatistics(this.#survivors.members) };
	}
}

/** An even sample of a sequence of unknown length: every step-th item, the step doubling when there are too many. */
class Thinned<T> {
	#items: T[] = [];
	#step = 1;

	constructor(private readonly most: number) {}

	get items(): readonly T[] {
		return this.#items;
	}

	add(position: number, item: () => T): void {
		if (position % this.#step !== 0) return;
		this.#items.push(item());
		if (this.#items.length <= this.most) return;
		// Positions are counted from 0 or 1: of the latter the first one falls away with the first doubling.
		this.#items = this.#items.filter((_, i) => (i + this.#offset(position)) % 2 === 0);
		this.#step *= 2;
	}

	/** Whether the first item that is kept is at an odd multiple of the step. */
	#offset(last: number): number {
		return last / this.#step - (this.#items.length - 1);
	}
}

function evenly<T>(items: readonly T[], count: number): readonly T[] {
	if (items.length <= count) return items;
	return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
