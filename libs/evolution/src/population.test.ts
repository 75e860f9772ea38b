import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Population, retireOldest, retireWorst } from "./population.js";

function fill(population: Population, scores: readonly number[]): void {
	for (const [index, score] of scores.entries())
		population.insert({ index, score, objectives: [score], excess: 0 });
}

describe("Population", () => {
	const scores = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 });

	it("keeps the newest and the best when the worst leave", () => {
		fc.assert(
			fc.property(scores, fc.integer({ min: 2, max: 10 }), (scores, capacity) => {
				const population = new Population(capacity, retireWorst);
				fill(population, scores);
				const members = population.members;
				expect(members.length).toBe(Math.min(capacity, scores.length));
				expect(members.at(-1)!.index).toBe(scores.length - 1);
				expect(Math.max(...members.map(({ score }) => score))).toBe(Math.max(...scores));
			}),
		);
	});

	it("removes the worst before the new one enters, the oldest of equals first", () => {
		const population = new Population(3, retireWorst);
		fill(population, [5, 1, 1, 0]);
		expect(population.members.map(({ index }) => index)).toEqual([0, 2, 3]);
	});

	it("is a queue when the oldest leave", () => {
		const population = new Population(2, retireOldest);
		fill(population, [9, 1, 2]);
		expect(population.members.map(({ index }) => index)).toEqual([1, 2]);
	});
});
