import type { Constraints } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { assertBudget, exceeded, hasLower, reachesLower, upperLimits, usesUpper } from "./budget.js";
import type { BudgetOracle } from "./budget-oracle.js";
import { COUNT_NAMES, type CountVector, isWithin } from "./count-vector.js";
import { advance, followers, type PartialSequence, START } from "./grammar.js";
import type { Token, Vocabulary } from "./vocabulary.js";

function tooSmall(budget: Constraints, smallest: readonly CountVector[]): ArchgenError {
	const least = Object.fromEntries(
		COUNT_NAMES.map((name) => [name, String(Math.min(...smallest.map((counts) => counts[name])))]),
	);
	const fields = [...new Set(smallest.flatMap((counts) => exceeded(budget, counts)))];
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "BUDGET_BELOW_SMALLEST_NETWORK",
		message: `No network is small enough for ${fields.join(" and ")}; the smallest have ${JSON.stringify(least)}.`,
		violations: fields.map((field) => ({ field, description: "lies below the smallest network" })),
		metadata: least,
	});
}

/** A budget together with what tells how to stay inside it. */
export interface GuardedBudget {
	readonly bounds: Constraints;
	readonly oracle: BudgetOracle;
	/** Share of an upper bound that sequences should use where they can, 0 … 1; 0 unless given. Of several bounds one is enough. */
	readonly fill?: number;
}

/**
 * Which tokens may follow: those of the grammar and, with a budget, those from which a finished sequence inside the budget
 * is known to be reachable. Upper bounds hold for every finished sequence, with the oracle's cells. Lower bounds are
 * followed where a way is seen, and given up rather than stopping a sequence half-way; so is, where there are none, the share of the upper bounds to use.
 */
export class SequenceMask {
	/** All rows of a batch begin with the same prefix. */
	readonly #known = new WeakMap<PartialSequence, readonly Token[]>();
	readonly #limits: CountVector;

	/**
	 * @throws INVALID_ARGUMENT for contradicting bounds (`CONTRADICTING_BOUNDS`) and for a budget that no network meets
	 *   (`BUDGET_BELOW_SMALLEST_NETWORK`, with the smallest counts as metadata)
	 */
	constructor(
		readonly vocabulary: Vocabulary,
		readonly budget?: GuardedBudget,
	) {
		this.#limits = upperLimits(budget?.bounds ?? {});
		if (budget === undefined) return;
		assertBudget(budget.bounds);
		const smallest: CountVector[] = [];
		const canFit = budget.oracle.someSmallest(START, (counts) => {
			smallest.push(counts);
			return isWithin(counts, this.#limits);
		});
		if (!canFit) throw tooSmall(budget.bounds, smallest);
	}

	/** Tokens that may follow, never none. */
	allowed(partial: PartialSequence): readonly Token[] {
		let tokens = this.#known.get(partial);
		if (tokens === undefined) {
			tokens = this.#select(partial);
			this.#known.set(partial, tokens);
		}
		return tokens;
	}

	#select(partial: PartialSequence): readonly Token[] {
		const wellFormed = followers(this.vocabulary, partial);
		if (this.budget === undefined || wellFormed.length === 1) return wellFormed;
		const { bounds, oracle, fill = 0 } = this.budget;
		const needsReach = hasLower(bounds) || fill > 0;
		const dearest = oracle.dearestNext(partial);
		const allFit = dearest !== null && isWithin(dearest, this.#limits);
		if (allFit && !needsReach) return wellFormed;
		const next = wellFormed.map((token) => ({
			token,
			after: advance(this.vocabulary.config, partial, token),
		}));
		const fits = (counts: CountVector) => isWithin(counts, this.#limits);
		const small = allFit ? next : next.filter(({ after }) => oracle.someSmallest(after, fits));
		if (!needsReach) return small.map(({ token }) => token);
		const reaches = hasLower(bounds)
			? (counts: CountVector) => reachesLower(bounds, counts)
			: (counts: CountVector) => usesUpper(bounds, counts, fill);
		return orAll(small, ({ after }) => oracle.canReach(after, reaches)).map(({ token }) => token);
	}
}

/** The items that pass, or all of them when none does. */
function orAll<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
	const passing = items.filter(test);
	return passing.length > 0 ? passing : items;
}
