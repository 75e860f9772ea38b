import { createRandom } from "@archgen/random";
import { macroNetwork, networkToJson, randomCell } from "@archgen/search-space";
import { describe, expect, it } from "vitest";
import { historyFacts, networksOfAnswer } from "./network-facts.js";

const stage = { cell: randomCell(createRandom(1)), channels: 8, stride: 2 as const, repeats: 1 };
const network = networkToJson(macroNetwork([stage], 16, { size: 48, classes: 7 }));
const answer = {
	networks: [
		{ network, margins: { maxFlopCount: { limit: 1e6, value: 9e5, relative: 0.1 } }, scores: { tcet: 12 } },
		{ network, margins: {}, scores: {} },
	],
	provenance: {
		seed: 3,
		objective: "tcet",
		modelVersions: { ccnf: "default 4" },
		images: "normal",
		batch: 16,
		scoringSize: 64,
	},
};

describe("networksOfAnswer", () => {
	it("gives networks with what a model card shows", () => {
		const [first, second] = networksOfAnswer(answer);
		expect(networkToJson(first!.network)).toEqual(network);
		expect(first!.facts).toMatchObject({
			scores: { tcet: 12 },
			scoring: { "images in the minibatch": 16, "pixels a side": 64 },
			provenance: { seed: 3, objective: "tcet", ccnf: "default 4" },
			command: "archgen generate --input 48 --classes 7 --max-flop-count 1000000 --objective tcet --seed 3",
		});
		expect(second!.facts.margins).toEqual({});
	});

	it.each([{}, [], { ...answer, networks: [] }, { ...answer, provenance: {} }])("refuses %j", (json) => {
		expect(() => networksOfAnswer(json)).toThrow("answer");
	});
});

describe("historyFacts", () => {
	it("names the file without its folder", () => {
		expect(historyFacts("/somewhere/cifar.jsonl", 4, 1.23456789).provenance).toEqual({
			search: "cifar.jsonl",
			evaluation: 4,
			"score in the search": 1.23457,
		});
	});
});
