import type { EvolutionResult } from "@archgen/evolution";
import { fields } from "@archgen/text";

/** How a search ended. @param file its history */
export function searchSummary(file: string, { history, best, dropped, stopped }: EvolutionResult) {
	const { index, score, counts } = best ?? {};
	return {
		...{ file, stopped, evaluations: history.length, dropped },
		best: best && { index: index!, score: score!, counts: counts! },
	};
}

/** The same for people. */
export function describeSearch({
	file,
	stopped,
	evaluations,
	dropped,
	best,
}: ReturnType<typeof searchSummary>): string {
	const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
	return fields({
		...{ file, stopped, evaluations, dropped: drops },
		...(best && { best: best.index, score: best.score, ...best.counts }),
	});
}
