import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditions, macroSequences } from "../test/arbitraries.js";
import { decode, encode, encodeCondition } from "./codec.js";
import { binCentre, binOf, CONDITION_FIELDS, DEFAULT_SCALES } from "./condition.js";
import { Vocabulary } from "./vocabulary.js";

const vocabulary = new Vocabulary();

describe("encode and decode", () => {
	it("give back every sequence exactly, and every condition up to its bin", () => {
		fc.assert(
			fc.property(conditions, macroSequences(vocabulary.config), (condition, sequence) => {
				const ids = encode(vocabulary, condition, sequence);
				const decoded = decode(vocabulary, ids);
				expect(decoded.sequence).toEqual(sequence);
				expect(Object.keys(decoded.condition).sort()).toEqual(Object.keys(condition).sort());
				expect(encode(vocabulary, decoded.condition, decoded.sequence)).toEqual(ids);
			}),
		);
	});

	it("fit the vocabulary's length", () => {
		const stages = Array.from({ length: 12 }, () => ({
			cluster: 0,
			channels: 8,
			stride: 1 as const,
			repeats: 1,
		}));
		expect(encode(vocabulary, {}, { stages, finalChannels: 8 })).toHaveLength(vocabulary.maxLength);
	});

	it("write a missing field as any", () => {
		const any = vocabulary.find("any").id;
		const ids = encodeCondition(vocabulary, { flopCount: 450e6 });
		expect(ids).toHaveLength(vocabulary.promptLength);
		expect(ids.filter((id) => id === any)).toHaveLength(CONDITION_FIELDS.length - 1);
	});

	it("know the fields that have bins, as vocabularies from before a field do", () => {
		const { depth: _, peakActivationBytesInt8: __, ...scales } = DEFAULT_SCALES;
		const older = new Vocabulary({ ...vocabulary.config, scales });
		expect(older.promptLength).toBe(vocabulary.promptLength - 2);
		const condition = { classes: 10, depth: 40 };
		expect(encodeCondition(older, condition)).toEqual(encodeCondition(older, { classes: 10 }));
		expect(older.find("cluster").id).toBe(
			vocabulary.find("cluster").id -
				vocabulary.ofKind("depth").length -
				vocabulary.ofKind("peakActivationBytesInt8").length,
		);
	});

	it("refuse what has no token", () => {
		const stage = { cluster: 32, channels: 8, stride: 1 as const, repeats: 1 };
		expect(() => encode(vocabulary, {}, { stages: [stage], finalChannels: 8 })).toThrow(
			/stages\[0\].cluster/,
		);
		const crowded = Array.from({ length: 6 }, () => ({ ...stage, cluster: 0, repeats: 4 }));
		expect(() => encode(vocabulary, {}, { stages: crowded, finalChannels: 8 })).toThrow(/24 cells/);
		expect(() => encode(vocabulary, { classes: Number.NaN }, { stages: [stage], finalChannels: 8 })).toThrow(
			/classes/,
		);
	});

	it("refuse tokens that are cut or in a wrong place", () => {
		const ids = encode(
			vocabulary,
			{},
			{ stages: [{ cluster: 3, channels: 8, stride: 2, repeats: 1 }], finalChannels: 16 },
		);
		expect(() => decode(vocabulary, ids.slice(0, -1))).toThrow(/stops in state "end"/);
		expect(() => decode(vocabulary, ids.toSpliced(vocabulary.promptLength + 1, 1))).toThrow(/may not follow/);
	});
});

describe("bins", () => {
	it("have the bin of their centre and grow with the value", () => {
		for (const field of CONDITION_FIELDS) {
			const scale = DEFAULT_SCALES[field];
			for (let bin = 0; bin < scale.bins; bin++) expect(binOf(scale, binCentre(scale, bin), field)).toBe(bin);
			expect(binOf(scale, scale.low / 10, field)).toBe(0);
			expect(binOf(scale, scale.high * 10, field)).toBe(scale.bins - 1);
		}
	});
});
