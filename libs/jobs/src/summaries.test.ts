import type { EvaluationFacts } from "@archgen/evolution";
import { expect, test } from "vitest";
import type { Job } from "./job.js";
import { Summaries } from "./summaries.js";

const JOB = { spec: { strategy: "hl-evo", populationSize: 4, costs: [] } };
const jobOf = (number: number) => ({ ...JOB, id: `job-${number}`, number: String(number) }) as unknown as Job;

/** A history in memory that notes where readings begin. */
function historyOf(length: number) {
	const evaluations = Array.from(
		{ length },
		(_, index): EvaluationFacts => ({
			...{ index, score: index, excess: 0 },
			counts: { parameterCount: 1, macCount: 1, flopCount: 2, layerCount: 1 },
		}),
	);
	const begun: number[] = [];
	const facts = async (_: string, position: number, limit: number) => {
		begun.push(position);
		return evaluations.slice(position, position + limit);
	};
	return { evaluations, begun, facts };
}

test("a history is read once, whoever asks at once, and then only what is new", async () => {
	const [summaries, history] = [new Summaries(), historyOf(5000)];
	const ask = () => summaries.summary(jobOf(1), history, 10);
	const both = await Promise.all([ask(), ask()]);
	expect(both.map(({ evaluated }) => evaluated)).toEqual([5000, 5000]);
	expect(history.begun).toEqual([0, 2000, 4000, 5000]);
	history.evaluations.push({ ...history.evaluations[0]!, index: 5000, score: 9000 });
	expect((await ask()).points.at(-1)).toMatchObject({ index: 5000, bestSoFar: true });
	expect(history.begun).toEqual([0, 2000, 4000, 5000, 5000]);
});

test("the eight jobs that were asked for last are kept", async () => {
	const [summaries, history] = [new Summaries(), historyOf(3)];
	const ask = (number: number) => summaries.summary(jobOf(number), history, 10);
	for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 1, 9]) await ask(number);
	history.begun.length = 0;
	await ask(1);
	expect(history.begun).toEqual([3]);
	await ask(2);
	expect(history.begun).toEqual([3, 0]);
});
