import { type Condition, MACRO_LIMITS, type MacroSequence, type MacroStage } from "@archgen/design";
import { createRandom, type Random } from "@archgen/random";
import { type Cell, createCell, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { advance, followers, START } from "../src/grammar.js";
import type { SequenceMask } from "../src/sequence-mask.js";
import type { Vocabulary, VocabularyConfig } from "../src/vocabulary.js";

const channels = fc.integer({ min: 1, max: 128 }).map((n) => 8 * n);

/** Any well-formed sequence of a vocabulary. */
export function macroSequences({ clusters, maxStages }: VocabularyConfig): fc.Arbitrary<MacroSequence> {
	const stage: fc.Arbitrary<MacroStage> = fc.record({
		cluster: fc.nat(clusters - 1),
		channels,
		stride: fc.constantFrom(1, 2),
		repeats: fc.integer({ min: 1, max: 4 }),
	});
	const cells = (stages: readonly MacroStage[]) => stages.reduce((sum, { repeats }) => sum + repeats, 0);
	return fc.record({
		stages: fc
			.array(stage, { minLength: 1, maxLength: maxStages })
			.filter((stages) => cells(stages) <= MACRO_LIMITS.maxCells),
		finalChannels: channels,
	});
}

const positive = fc.double({ min: 1e-3, max: 1e13, noNaN: true });

/** Any condition, with any fields missing. */
export const conditions: fc.Arbitrary<Condition> = fc.record(
	{
		classes: fc.integer({ min: 2, max: 100_000 }),
		inputSize: fc.integer({ min: 16, max: 512 }),
		parameterCount: positive,
		flopCount: positive,
		naswot: positive,
		snipSsnr: positive,
		depth: fc.integer({ min: 1, max: 2000 }),
		peakActivationBytesInt8: positive,
	},
	{ requiredKeys: [] },
);

/** One cell per cluster; the first one is a plain convolution. */
export function cellTable(clusters: number, seed = 7): Cell[] {
	const random = createRandom(seed);
	const plain = createCell(
		[{ type: "conv", kernel: 3 }],
		[
			[0, 1],
			[1, 2],
		],
	);
	return [plain, ...Array.from({ length: clusters - 1 }, (_, i) => randomCell(random.fork(i)))];
}

/** Walks through the mask at random up to `<eos>` and returns the ids after the prompt. */
export function randomWalk(vocabulary: Vocabulary, mask: SequenceMask | null, random: Random): number[] {
	const ids: number[] = [];
	let partial = START;
	while (partial.state !== "done") {
		const allowed = mask === null ? followers(vocabulary, partial) : mask.allowed(partial);
		// a kind first, so that the end comes as often as another stage
		const kind = random.pick([...new Set(allowed.map((token) => token.kind))]);
		const token = random.pick(allowed.filter((candidate) => candidate.kind === kind));
		ids.push(token.id);
		partial = advance(vocabulary.config, partial, token);
	}
	return ids;
}
