import fc from "fast-check";
import { expect, it } from "vitest";
import type { CostName } from "./costs.js";
import { type EvaluationFacts, HistorySummarizer } from "./history-summary.js";
import { dominates } from "./pareto.js";
import { HL_EVO, PARETO } from "./strategies.js";

const facts = fc
	.array(
		fc.record({
			score: fc.integer({ min: 0, max: 50 }),
			cost: fc.integer({ min: 1, max: 50 }),
			excess: fc.constantFrom(0, 0, 0.5),
		}),
		{ maxLength: 80 },
	)
	.map((all) =>
		all.map(
			({ score, cost, excess }, index): EvaluationFacts => ({
				index,
				score,
				excess,
				counts: { parameterCount: cost, macCount: cost, flopCount: 2 * cost, layerCount: 1 },
			}),
		),
	);

const COSTS: readonly CostName[] = ["macCount"];

function summarized(all: readonly EvaluationFacts[], points: number, strategy = PARETO, populationSize = 8) {
	const summarizer = new HistorySummarizer(
		{ strategy, populationSize, costs: strategy === PARETO ? COSTS : [] },
		points,
	);
	for (const evaluation of all) summarizer.add(evaluation);
	return summarizer.summary();
}

it("keeps the whole front and every best evaluation, however small the sample", () => {
	fc.assert(
		fc.property(facts, fc.integer({ min: 1, max: 30 }), (all, points) => {
			const summary = summarized(all, points);
			const feasible = all.filter(({ excess }) => excess === 0);
			const point = ({ score, counts, excess }: EvaluationFacts) => ({
				objectives: [score, -counts.macCount],
				excess,
			});
			const front = feasible.filter((a) => !feasible.some((b) => dominates(point(b), point(a))));
			const best = feasible.filter(({ score }, i) =>
				feasible.slice(0, i).every((before) => before.score < score),
			);
			const indices = (kept: readonly EvaluationFacts[]) => kept.map(({ index }) => index);
			expect(indices(summary.points.filter(({ onFront }) => onFront))).toEqual(indices(front));
			expect(indices(summary.points.filter(({ bestSoFar }) => bestSoFar))).toEqual(indices(best));
			const others = summary.points.filter(({ onFront, bestSoFar }) => !onFront && !bestSoFar);
			expect(others.length).toBeLessThanOrEqual(points);
			expect(indices(summary.points)).toEqual([...new Set(indices(summary.points))].sort((a, b) => a - b));
			expect(summary.evaluated).toBe(all.length);
		}),
	);
});

it("samples evenly and replays the population that a search had", () => {
	const all = Array.from({ length: 20_000 }, (_, index): EvaluationFacts => {
		const score = (index * 7919) % 20_011;
		return {
			index,
			score,
			excess: 0,
			counts: { parameterCount: 1, macCount: 1, flopCount: 2, layerCount: 1 },
		};
	});
	const { points, population } = summarized(all, 1000, HL_EVO, 512);
	expect(points.length).toBeGreaterThan(500);
	expect(points.length).toBeLessThan(1100);
	const gaps = points.slice(1).map(({ index }, i) => index - points[i]!.index);
	expect(Math.max(...gaps)).toBeLessThanOrEqual(40);
	expect(population.length).toBeLessThanOrEqual(501);
	expect(population.at(-1)!.evaluated).toBe(20_000);
	// The worst leaves, so that the living are the best seen, but for the latest one, which always enters.
	for (const {
		evaluated,
		population: { size, best, worst, mean },
	} of population) {
		const seen = all
			.slice(0, evaluated - 1)
			.map(({ score }) => score)
			.sort((a, b) => b - a)
			.slice(0, 511);
		const living = [...seen, all[evaluated - 1]!.score];
		expect(size).toBe(living.length);
		expect([best, worst]).toEqual([Math.max(...living), Math.min(...living)]);
		expect(mean).toBeCloseTo(living.reduce((sum, score) => sum + score, 0) / living.length, 6);
	}
});

it("thins a summary further without losing the front", () => {
	const all = Array.from({ length: 100 }, (_, index) => index).map(
		(index): EvaluationFacts => ({
			index,
			score: index % 10,
			excess: 0,
			counts: { parameterCount: 1, macCount: 1 + (index % 7), flopCount: 2, layerCount: 1 },
		}),
	);
	const summarizer = new HistorySummarizer({ strategy: PARETO, populationSize: 8, costs: COSTS }, 50);
	for (const evaluation of all) summarizer.add(evaluation);
	const [whole, thin] = [summarizer.summary(), summarizer.summary(5)];
	expect(thin.points.length).toBeLessThan(whole.points.length);
	expect(thin.points.filter(({ onFront }) => onFront)).toEqual(whole.points.filter(({ onFront }) => onFront));
});
