import { assertMacroSequence } from "@archgen/design";
import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { macroSequences, randomWalk } from "../test/arbitraries.js";
import { encodeSequence, parsePartial } from "./codec.js";
import { advance, followers, START, toMacroSequence } from "./grammar.js";
import { Vocabulary } from "./vocabulary.js";

const vocabulary = new Vocabulary();

describe("grammar", () => {
	it("lets every path end in a valid sequence", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const ids = randomWalk(vocabulary, null, createRandom(seed));
				const sequence = toMacroSequence(parsePartial(vocabulary, ids));
				assertMacroSequence(sequence, vocabulary.config);
				expect(encodeSequence(vocabulary, sequence)).toEqual(ids);
			}),
		);
	});

	it("allows every token of every valid sequence", () => {
		fc.assert(
			fc.property(macroSequences(vocabulary.config), (sequence) => {
				let partial = START;
				for (const id of encodeSequence(vocabulary, sequence)) {
					const token = vocabulary.at(id);
					expect(followers(vocabulary, partial)).toContain(token);
					partial = advance(vocabulary.config, partial, token);
				}
			}),
			{ numRuns: 30 },
		);
	});

	it("stops at twenty cells and at the configured number of stages", () => {
		const full = Array.from({ length: 5 }, () => ({
			cluster: 0,
			channels: 8,
			stride: 1 as const,
			repeats: 4,
		}));
		const ids = encodeSequence(vocabulary, { stages: full, finalChannels: 8 }).slice(0, -2);
		expect(new Set(followers(vocabulary, parsePartial(vocabulary, ids)).map(({ kind }) => kind))).toEqual(
			new Set(["final"]),
		);
		const narrow = new Vocabulary({ ...vocabulary.config, maxStages: 1 });
		const one = encodeSequence(narrow, { stages: full.slice(0, 1), finalChannels: 8 }).slice(0, -2);
		expect(followers(narrow, parsePartial(narrow, one)).some(({ kind }) => kind === "cluster")).toBe(false);
	});

	it("lets nothing but padding follow the end", () => {
		const ids = randomWalk(vocabulary, null, createRandom(1));
		const done = parsePartial(vocabulary, ids);
		expect(followers(vocabulary, done).map(({ text }) => text)).toEqual(["<pad>"]);
		expect(() => advance(vocabulary.config, done, vocabulary.find("end"))).toThrow(/may not follow/);
	});
});
