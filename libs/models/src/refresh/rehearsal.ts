import type { Random } from "@archgen/random";
import { shuffled } from "@archgen/random";
import type { SequenceExample, SequenceSplit } from "@archgen/seqgen";

/** Examples that a bundle keeps at most. */
const MOST = { training: 4000, validation: 400 } as const;

/** New examples, and those that the base keeps with the same weight in all: what was learned before is rehearsed. */
export function rehearsed(fresh: SequenceSplit, base: SequenceSplit | undefined): SequenceSplit {
	if (base === undefined) return fresh;
	const factor = totalWeight(fresh.training) / totalWeight(base.training);
	const known = base.training.map((example) => ({ ...example, weight: example.weight * factor }));
	return {
		training: [...fresh.training, ...known],
		validation: [...fresh.validation, ...base.validation],
	};
}

/** The part of examples that a bundle keeps for the next refresh; held-out ones stay held out. */
export function examplesToKeep({ training, validation }: SequenceSplit, random: Random): SequenceSplit {
	const some = (examples: readonly SequenceExample[], most: number) =>
		shuffled(random, examples).slice(0, most);
	return {
		training: some(training, MOST.training),
		validation: some(validation, MOST.validation),
	};
}

function totalWeight(examples: readonly SequenceExample[]): number {
	return examples.reduce((sum, { weight }) => sum + weight, 0);
}
