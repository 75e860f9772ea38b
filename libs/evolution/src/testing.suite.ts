import type { NetworkScorer, ScoreOutcome } from "@archgen/design";
import { type Network, networkHash } from "@archgen/search-space";
import type { EvolutionOptions } from "./options.js";

/** A score with a known best direction (wide late stages, many kinds of operation) and no ties to speak of. */
export function plainScore(network: Network): number {
	const types = new Set(network.stages.flatMap(({ cell }) => cell.operations.map(({ type }) => type)));
	const widths = network.stages.reduce(
		(sum, { channels, repeats }, i) => sum + (i + 1) * repeats * Math.log(channels),
		0,
	);
	return types.size * 10 + widths + Number.parseInt(networkHash(network).slice(0, 6), 16) / 2 ** 24;
}

type Answer = (network: Network, call: number) => ScoreOutcome | Promise<ScoreOutcome>;

/** Scores with {@link plainScore} unless told otherwise, and counts how often each network was asked about. */
export class CountingScorer implements NetworkScorer {
	readonly version = "counting";
	readonly asked = new Map<string, number>();
	readonly #answer: Answer;
	#calls = 0;

	constructor(answer: Answer = (network) => ({ ok: true, parts: [plainScore(network)] })) {
		this.#answer = answer;
	}

	async score(network: Network): Promise<ScoreOutcome> {
		const hash = networkHash(network);
		this.asked.set(hash, (this.asked.get(hash) ?? 0) + 1);
		return this.#answer(network, this.#calls++);
	}
}

export const SMALL: EvolutionOptions = {
	target: { size: 32, classes: 10 },
	constraints: { maxParameterCount: 100_000 },
	clusters: 4,
	evaluations: 40,
	populationSize: 8,
	seed: 11,
};
