import { checkConstraints, RANDOM_CELLS } from "@archgen/design";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type CostName, paretoObjectives } from "./costs.js";
import { parseHistory, recordToLine } from "./history.js";
import { crowdingDistances, dominates, ParetoFront, ParetoPopulation } from "./pareto.js";
import type { Member } from "./population.js";
import { EvolutionRun, runEvolution } from "./run-evolution.js";
import { PARETO } from "./strategies.js";
import { CountingScorer, SMALL } from "./testing.suite.js";

const coordinate = fc.integer({ min: 0, max: 6 });
const point = fc.record({
	objectives: fc.array(coordinate, { minLength: 2, maxLength: 2 }),
	excess: fc.constantFrom(0, 0, 0, 0.5, 1),
});
const members = (points: readonly { objectives: number[]; excess: number }[]): Member[] =>
	points.map((each, index) => ({ ...each, index, score: each.objectives[0]! }));

/** Fronts by their definition. */
function ranksOf(points: readonly Member[]): Map<number, number> {
	const ranks = new Map<number, number>();
	for (let rank = 0, left = [...points]; left.length > 0; rank++) {
		const front = left.filter((a) => !left.some((b) => dominates(b, a)));
		for (const { index } of front) ranks.set(index, rank);
		left = left.filter((a) => !front.includes(a));
	}
	return ranks;
}

it("keeps the fronts of a full non-dominated sort, whatever comes and goes", () => {
	fc.assert(
		fc.property(
			fc.array(point, { minLength: 1, maxLength: 40 }),
			fc.integer({ min: 1, max: 12 }),
			(all, capacity) => {
				const population = new ParetoPopulation(capacity);
				for (const [i, member] of members(all).entries()) {
					population.insert(member);
					expect(population.members).toHaveLength(Math.min(capacity, i + 1));
					const ranks = ranksOf(population.members);
					for (const { index, rank } of population.members) expect(rank).toBe(ranks.get(index));
				}
			},
		),
	);
});

it("never loses a point of the first front to a dominated one", () => {
	fc.assert(
		fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (all) => {
			const population = new ParetoPopulation(30);
			const front = new ParetoFront<Member>();
			for (const member of members(all)) {
				population.insert(member);
				front.add(member);
			}
			const best = population.members.filter(({ rank, excess }) => rank === 0 && excess === 0);
			expect(best.map(({ index }) => index).sort()).toEqual(front.points.map(({ index }) => index).sort());
		}),
	);
});

it("crowding: the ends are infinite, the middle adds up normalised gaps", () => {
	const front = [0, 1, 4, 10].map((x) => ({ objectives: [x, -x], excess: 0 }));
	expect(crowdingDistances(front)).toEqual([Infinity, 0.8, 1.8, Infinity]);
	expect(crowdingDistances([])).toEqual([]);
});

const COSTS: readonly CostName[] = ["flopCount", "latencyMs"];
const options = { ...SMALL, strategy: PARETO, costs: COSTS, limits: { maxLatencyMs: 3 }, populationSize: 12 };
const dependencies = () => ({
	cells: RANDOM_CELLS,
	scorer: new CountingScorer(),
	meter: (network: { stages: readonly { channels: number }[] }) => ({
		latencyMs: network.stages.reduce((sum, { channels }) => sum + channels / 40, 0),
		latencyErrorMs: 0.1,
	}),
});

it("a run trades score against costs, marks what is infeasible, and resumes to the same history", async () => {
	const { history, best } = await runEvolution(options, dependencies());
	const lines = history.map(recordToLine);
	expect(parseHistory(lines.join("\n"))).toEqual(history);
	const infeasible = history.filter(({ excess = 0 }) => excess > 0);
	expect(infeasible.length).toBeGreaterThan(0);
	for (const { counts, measures, excess = 0 } of history) {
		const inside = checkConstraints(counts, options.constraints).satisfied && measures!.latencyMs! <= 3;
		expect(inside).toBe(excess === 0);
		expect(excess).toBeLessThanOrEqual(1);
	}
	expect(best?.excess).toBeUndefined();
	const resumed = await runEvolution(options, dependencies(), {}, { history: history.slice(0, 17) });
	expect(resumed.history).toEqual(history);
	const run = new EvolutionRun(options, dependencies(), {}, { history });
	const front = run.progress().front.map((index) => history[index]!);
	expect(front.length).toBeGreaterThan(1);
	const points = history.map((record) => ({
		objectives: paretoObjectives(record, COSTS),
		excess: record.excess ?? 0,
	}));
	for (const record of front) {
		const own = { objectives: paretoObjectives(record, COSTS), excess: 0 };
		expect(points.some((other) => dominates(other, own))).toBe(false);
	}
});

it("finds a wider front than single-objective search finds by the way", async () => {
	const frontSize = (run: Awaited<ReturnType<typeof runEvolution>>) => {
		const front = new ParetoFront<{ objectives: number[]; excess: number }>();
		for (const record of run.history)
			front.add({ objectives: paretoObjectives(record, ["flopCount"]), excess: record.excess ?? 0 });
		return front.points.length;
	};
	const small = { ...SMALL, evaluations: 150, populationSize: 24, seed: 3 };
	const pareto = await runEvolution({ ...small, strategy: PARETO, costs: ["flopCount"] }, dependencies());
	const single = await runEvolution(small, dependencies());
	expect(frontSize(pareto)).toBeGreaterThan(frontSize(single));
});

it("costs belong to Pareto mode", async () => {
	await expect(runEvolution({ ...SMALL, costs: COSTS }, dependencies())).rejects.toMatchObject({
		violations: [expect.objectContaining({ field: "costs" })],
	});
	await expect(runEvolution({ ...SMALL, strategy: PARETO }, dependencies())).rejects.toMatchObject({
		violations: [expect.objectContaining({ field: "costs" })],
	});
});
