import { ArchgenError, invalidArgument } from "@archgen/errors";
import type { HistorySummary, SummaryPoint } from "@archgen/evolution";
import type { orchestrator } from "@archgen/rpc";
import { countsToMessage } from "@archgen/wire";
import { jobIdOf, statisticsToMessage } from "./job-message.js";

/** Job and index of "evolutionJobs/{id}/evaluations/{index}". @throws INVALID_ARGUMENT */
export function parseEvaluationName(name: string): { readonly id: string; readonly index: number } {
	const match = /^(evolutionJobs\/[^/]+)\/evaluations\/(\d{1,9})$/.exec(name);
	if (match === null)
		throw invalidArgument("name", 'must be of the form "evolutionJobs/{id}/evaluations/{index}".');
	return { id: jobIdOf(match[1]!), index: Number(match[2]) };
}

/** No evaluation of this name. */
export function evaluationNotFound(name: string): ArchgenError {
	return new ArchgenError({
		category: "NOT_FOUND",
		reason: "EVALUATION_NOT_FOUND",
		message: `There is no ${name}; ListEvaluations shows what there is.`,
		metadata: { name },
	});
}

/** The message of a summary. */
export function summaryToMessage({
	evaluated,
	points,
	population,
}: HistorySummary): orchestrator.SummarizeHistoryResponse {
	return {
		evaluationCount: evaluated,
		points: points.map(pointToMessage),
		population: population.map((point) => ({
			evaluationCount: point.evaluated,
			population: statisticsToMessage(point.population),
		})),
	};
}

function pointToMessage(point: SummaryPoint): orchestrator.EvaluationPoint {
	const { index, score, counts, measures, excess, onFront, bestSoFar } = point;
	const peak = measures?.peakActivationBytes;
	return {
		index,
		score,
		counts: countsToMessage(counts),
		latencyMs: measures?.latencyMs,
		peakActivationBytes: peak === undefined ? undefined : BigInt(peak),
		constraintExcess: excess,
		onFront,
		bestSoFar,
	};
}
