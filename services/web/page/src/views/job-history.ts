import { call } from "../api/client.js";
import type { HistorySummary } from "../api/types.js";

/** Points of a summary: as many as a chart shows without effort. */
const POINTS = 2000;

/** The history of a job as the orchestrator summarises it: front and best evaluations whole, of the others a sample. */
export function readSummary(name: string, signal: AbortSignal): Promise<HistorySummary> {
	return call<HistorySummary>("jobs", "SummarizeHistory", { name, maxPoints: POINTS }, { signal });
}

/** An evaluation on a curve. */
export interface CurvePoint {
	readonly index: number;
	readonly score: number;
}

/** Best score so far at every evaluation where it rises, and at the end. */
export function bestSoFar({ points, evaluationCount }: HistorySummary): CurvePoint[] {
	const steps = points.flatMap(({ index, score, bestSoFar: best }) => (best ? [{ index, score }] : []));
	const last = steps.at(-1);
	return last ? [...steps, { index: evaluationCount - 1, score: last.score }] : [];
}

/** A statistic of the population after each number of evaluations. */
export function populationCurve(
	{ population }: HistorySummary,
	statistic: "best" | "mean" | "worst",
): CurvePoint[] {
	return population.flatMap(({ evaluationCount, population: living }) => {
		const score = living[statistic];
		return score === undefined ? [] : [{ index: evaluationCount, score }];
	});
}
