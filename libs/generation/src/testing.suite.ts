import type { CellGenerator, MacroSequence, NetworkScorer, SequenceGenerator } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { networkHash, randomCell } from "@archgen/search-space";
import type { GenerationDependencies } from "./generate.js";

/** Sequences with random widths below a ceiling; equal seeds give equal sequences. */
export function randomSequences(ceiling = 64): SequenceGenerator {
	return {
		version: "sequences-1",
		sample: async ({ count, seed }) => {
			const random = createRandom(seed);
			const width = () => 8 * (1 + random.integer(ceiling / 8));
			return Array.from({ length: count }, () => ({
				stages: Array.from({ length: 1 + random.integer(4) }, () => ({
					cluster: random.integer(32),
					channels: width(),
					stride: random.pick([1, 2] as const),
					repeats: 1 + random.integer(2),
				})),
				finalChannels: width(),
			}));
		},
	};
}

export const FIXED_SEQUENCE: MacroSequence = {
	stages: [{ cluster: 3, channels: 16, stride: 2, repeats: 1 }],
	finalChannels: 32,
};

export const RANDOM_SYNONYMS: CellGenerator = {
	version: "synonyms-1",
	sample: async (requests, random) => requests.map(() => randomCell(random)),
};

/** Scores from the hash (with ties), some later than others. */
export const HASH_SCORER: NetworkScorer = {
	version: "scorer-1",
	parallelism: 4,
	score: async (network) => {
		for (let turn = 0; turn < network.finalChannels! % 5; turn++) await Promise.resolve();
		const score = Number.parseInt(networkHash(network).slice(0, 2), 16);
		return { ok: true, parts: [score], values: { tcet: score, naswot: network.finalChannels! } };
	},
};

export function dependencies(changes: Partial<GenerationDependencies> = {}): GenerationDependencies {
	let time = 0;
	return {
		sequences: randomSequences(),
		synonyms: RANDOM_SYNONYMS,
		scorer: HASH_SCORER,
		now: () => time++,
		...changes,
	};
}
