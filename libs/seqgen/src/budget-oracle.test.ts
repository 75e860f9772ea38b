import { type Constraints, type MacroSequence, networkOf } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { countNetwork } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellTable, macroSequences, randomWalk } from "../test/arbitraries.js";
import { exceeded, reachesLower, usesUpper } from "./budget.js";
import { type BudgetOracle, createBudgetOracle } from "./budget-oracle.js";
import { encodeSequence, parsePartial } from "./codec.js";
import { type CountVector, maxCounts, toCountVector, ZERO_COUNTS } from "./count-vector.js";
import { type PartialSequence, START, toMacroSequence } from "./grammar.js";
import { SequenceMask } from "./sequence-mask.js";
import type { NetworkTask } from "./site-costs.js";
import { DEFAULT_VOCABULARY, Vocabulary } from "./vocabulary.js";

const vocabulary = new Vocabulary({ ...DEFAULT_VOCABULARY, clusters: 8 });
const cells = cellTable(8);
const tasks: readonly NetworkTask[] = [
	{ classes: 10, inputSize: 32 },
	{ classes: 1000, inputSize: 224 },
	{ classes: 37, inputSize: 97 },
];
const oracles = new Map(
	tasks.map((task) => [task, createBudgetOracle({ ...task, cells, maxStages: vocabulary.config.maxStages })]),
);
const oracleOf = (task: NetworkTask) => oracles.get(task)!;

function countsOf(sequence: MacroSequence, task: NetworkTask) {
	const chosen = sequence.stages.map(({ cluster }) => cells[cluster]!);
	return toCountVector(
		countNetwork(networkOf(sequence, chosen, { size: task.inputSize, classes: task.classes })),
	);
}

/** Counts of all the cheapest ways to finish a sequence. */
function smallest(oracle: BudgetOracle, partial: PartialSequence): CountVector[] {
	const found: CountVector[] = [];
	oracle.someSmallest(partial, (counts) => {
		found.push(counts);
		return false;
	});
	return found;
}

/** The largest of each count that a sequence can reach. */
function largest(oracle: BudgetOracle, partial: PartialSequence): CountVector {
	let most = ZERO_COUNTS;
	oracle.canReach(partial, (counts) => {
		most = maxCounts(most, counts);
		return false;
	});
	return most;
}

function walk(budget: Constraints, task: NetworkTask, seed: number, fill?: number): MacroSequence {
	const mask = new SequenceMask(vocabulary, { bounds: budget, oracle: oracleOf(task), fill });
	return toMacroSequence(parsePartial(vocabulary, randomWalk(vocabulary, mask, createRandom(seed))));
}

describe("budget oracle", () => {
	it("counts a finished sequence exactly as the search space does", () => {
		fc.assert(
			fc.property(macroSequences(vocabulary.config), fc.constantFrom(...tasks), (sequence, task) => {
				const partial = parsePartial(vocabulary, encodeSequence(vocabulary, sequence));
				expect(smallest(oracleOf(task), partial)).toEqual([countsOf(sequence, task)]);
			}),
			{ numRuns: 60 },
		);
	});

	it("keeps a way open: what fits before a token still fits after one of the tokens", () => {
		fc.assert(
			fc.property(fc.integer(), fc.double({ min: 1, max: 3, noNaN: true }), (seed, slack) => {
				const task = tasks[1]!;
				const least = smallest(oracleOf(task), START)[0]!;
				const budget = {
					maxParameterCount: least.parameterCount * slack,
					maxFlopCount: least.flopCount * slack,
				};
				expect(exceeded(budget, countsOf(walk(budget, task, seed), task))).toEqual([]);
			}),
			{ numRuns: 40 },
		);
	});

	it("never uses a cluster without a known cell", () => {
		const holes = createBudgetOracle({ ...tasks[0]!, cells: [cells[0]!, null], maxStages: 4 });
		const second = parsePartial(vocabulary, [vocabulary.find("cluster", 1).id]);
		expect(smallest(holes, second)).toEqual([]);
	});
});

describe("budget mask", () => {
	const budgets: readonly [Constraints, NetworkTask][] = [
		[{ maxFlopCount: 450e6 }, tasks[1]!],
		[{ maxMacCount: 30e6, maxParameterCount: 300e3 }, tasks[0]!],
		[{ maxFlopCount: 80e6, maxParameterCount: 200e3 }, tasks[2]!],
	];

	it.each(budgets)("keeps every random sequence inside %j", (budget, task) => {
		for (let seed = 0; seed < 25; seed++) {
			expect(exceeded(budget, countsOf(walk(budget, task, seed), task))).toEqual([]);
		}
	});

	it("follows lower bounds", () => {
		const budget: Constraints = { maxFlopCount: 450e6, minFlopCount: 300e6 };
		const counts = Array.from({ length: 40 }, (_, seed) =>
			countsOf(walk(budget, tasks[1]!, seed), tasks[1]!),
		);
		expect(counts.every((count) => exceeded(budget, count).length === 0)).toBe(true);
		expect(counts.filter((count) => !reachesLower(budget, count)).length).toBeLessThanOrEqual(3);
	});

	it.each(budgets)("has random sequences use %j where it is asked to", (budget, task) => {
		const used = (fill: number) =>
			Array.from({ length: 25 }, (_, seed) => {
				const counts = countsOf(walk(budget, task, seed, fill), task);
				expect(exceeded(budget, counts)).toEqual([]);
				return counts;
			}).filter((counts) => usesUpper(budget, counts, 0.9)).length;
		expect(used(0.9)).toBeGreaterThanOrEqual(20);
		expect(used(0)).toBeLessThan(20);
	});

	const reaching: typeof budgets = [
		[{ maxFlopCount: 450e6, minParameterCount: 2e6 }, tasks[1]!],
		[{ maxMacCount: 60e6, minParameterCount: 200e3 }, tasks[0]!],
	];

	it.each([
		...budgets,
		...reaching,
	])("allows the same under %j whether or not all next tokens are looked at", (budget, task) => {
		const oracle = oracleOf(task);
		const thorough: BudgetOracle = {
			someSmallest: (partial, test) => oracle.someSmallest(partial, test),
			canReach: (partial, test) => test(largest(oracle, partial)),
			dearestNext: () => null,
		};
		const [mask, slow] = [oracle, thorough].map(
			(oracle) => new SequenceMask(vocabulary, { bounds: budget, oracle }),
		);
		let spared = 0;
		for (let seed = 0; seed < 25; seed++) {
			const tokens = randomWalk(vocabulary, mask!, createRandom(seed));
			for (let length = 0; length < tokens.length; length++) {
				const partial = parsePartial(vocabulary, tokens.slice(0, length));
				expect(mask!.allowed(partial)).toEqual(slow!.allowed(partial));
				const dearest = oracle.dearestNext(partial);
				if (dearest !== null && exceeded(budget, dearest).length === 0) spared++;
			}
		}
		expect(spared).toBeGreaterThan(25);
	});

	it("leaves how much is used to lower bounds where there are any", () => {
		const budget: Constraints = { maxFlopCount: 450e6, minParameterCount: 2e6 };
		for (let seed = 0; seed < 10; seed++) {
			expect(walk(budget, tasks[1]!, seed, 0.9)).toEqual(walk(budget, tasks[1]!, seed));
		}
	});

	it("names a budget that no network meets, and bounds that contradict", () => {
		const oracle = oracleOf(tasks[1]!);
		const build = (bounds: Constraints) => () => new SequenceMask(vocabulary, { bounds, oracle });
		expect(build({ maxParameterCount: 100 })).toThrow(
			expect.objectContaining({ reason: "BUDGET_BELOW_SMALLEST_NETWORK" }),
		);
		expect(build({ maxFlopCount: 1e6, minFlopCount: 2e6 })).toThrow(
			expect.objectContaining({ reason: "CONTRADICTING_BOUNDS" }),
		);
		expect(build({ maxMacCount: -1 })).toThrow(/maxMacCount/);
	});
});
