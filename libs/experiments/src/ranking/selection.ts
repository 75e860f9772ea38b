import type { Random } from "@archgen/random";
import { mean } from "@archgen/statistics";

/** Draws of random candidates, the same for every proxy. */
export interface Draws {
	/** Candidates of a draw. */
	readonly candidates: number;
	/** Networks of each draw by index. */
	readonly draws: readonly (readonly number[])[];
}

/** Mean accuracies of what is selected among random candidates. */
export interface Selected {
	readonly candidates: number;
	/** Of the first by score. */
	readonly top1: number;
	/** Mean of the first ten, or of all where there are fewer. */
	readonly top10: number;
}

/**
 * Random candidates without repetition.
 *
 * @param pool networks under the bound
 */
export function drawCandidates(
	pool: readonly number[],
	{
		candidates,
		draws,
		random,
	}: { readonly candidates: number; readonly draws: number; readonly random: Random },
): Draws {
	const draw = () => {
		const rest = [...pool];
		for (let i = 0; i < candidates; i++) {
			const j = i + random.integer(rest.length - i);
			[rest[i], rest[j]] = [rest[j]!, rest[i]!];
		}
		return rest.slice(0, candidates);
	};
	return { candidates, draws: Array.from({ length: draws }, draw) };
}

/**
 * Accuracies of the candidates that score highest, on average over the draws. Of equal scores the first drawn wins, which is a random one.
 *
 * @param scoresOf scores of the candidates of one draw
 */
export function select(
	{ candidates, draws }: Draws,
	scoresOf: (networks: readonly number[]) => readonly number[],
	accuracies: readonly number[],
): Selected {
	const best = draws.map((networks) => {
		const scores = scoresOf(networks);
		const order = networks.map((_, k) => k).sort((a, b) => descending(scores[a]!, scores[b]!));
		return order.map((k) => accuracies[networks[k]!]!);
	});
	return {
		candidates,
		top1: mean(best.map(([first]) => first!)),
		top10: mean(best.map((sorted) => mean(sorted.slice(0, 10)))),
	};
}

const descending = (x: number, y: number) => (x > y ? -1 : x < y ? 1 : 0);
