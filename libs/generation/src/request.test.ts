import { smallestNetwork } from "@archgen/design";
import { countNetwork } from "@archgen/search-space";
import { describe, expect, it } from "vitest";
import { type GenerationRequest, resolveRequest } from "./request.js";

const good: GenerationRequest = {
	target: { size: 224, classes: 1000 },
	constraints: { maxFlopCount: 450e6 },
};

describe("resolveRequest", () => {
	it("fills in the defaults", () => {
		expect(resolveRequest(good)).toEqual({
			...{ ...good, candidates: 100, topK: 5, seed: 0, temperature: 0.4 },
			...{ sequenceTemperature: 0.5, drawsPerSequence: 4, scoredCandidates: 20 },
		});
		expect(resolveRequest({ ...good, candidates: 20 }).scoredCandidates).toBe(16);
		expect(resolveRequest({ ...good, candidates: 20, topK: 18 }).scoredCandidates).toBe(18);
		expect(resolveRequest({ ...good, candidates: 3 }).topK).toBe(3);
	});

	const cases: [Partial<GenerationRequest>, string[]][] = [
		[{ target: { size: 15, classes: 10 } }, ["target.size"]],
		[{ target: { size: 513, classes: 10 } }, ["target.size"]],
		[{ target: { size: Number.NaN, classes: 1 } }, ["target.size", "target.classes"]],
		[{ target: { size: 32, classes: 0 } }, ["target.classes"]],
		[{ target: { size: 32, classes: 100_001 } }, ["target.classes"]],
		[{ constraints: { maxFlopCount: 0 } }, ["constraints.maxFlopCount"]],
		[
			{ constraints: { minMacCount: -5, maxParameterCount: 1.5 } },
			["constraints.maxParameterCount", "constraints.minMacCount"],
		],
		[{ constraints: { minFlopCount: 9e8, maxFlopCount: 1e8 } }, ["constraints.maxFlopCount"]],
		[{ constraints: { maxParameterCount: 9_327 } }, ["constraints.maxParameterCount"]],
		[{ candidates: 0 }, ["candidates"]],
		[{ candidates: 1001 }, ["candidates"]],
		[{ candidates: 10, topK: 11 }, ["topK"]],
		[{ topK: 0 }, ["topK"]],
		[{ scoredCandidates: 4 }, ["scoredCandidates"]],
		[{ scoredCandidates: 101 }, ["scoredCandidates"]],
		[{ seed: 0.5 }, ["seed"]],
		[{ temperature: 0 }, ["temperature"]],
		[{ temperature: Number.NaN }, ["temperature"]],
		[{ sequenceTemperature: 5.1 }, ["sequenceTemperature"]],
		[{ drawsPerSequence: 0 }, ["drawsPerSequence"]],
		[{ naswot: 0, snipSsnr: Number.NaN }, ["naswot", "snipSsnr"]],
		[{ drawsPerSequence: 101 }, ["drawsPerSequence"]],
	];
	it.each(cases)("refuses %j by name", (change, fields) => {
		expect(() => resolveRequest({ ...good, ...change })).toThrow(
			expect.objectContaining({
				category: "INVALID_ARGUMENT",
				reason: "INVALID_REQUEST",
				violations: fields.map((field) => expect.objectContaining({ field })),
			}),
		);
	});

	it("says what the smallest network needs", () => {
		const least = countNetwork(smallestNetwork(good.target)).macCount;
		expect(() => resolveRequest({ ...good, constraints: { maxMacCount: least - 1 } })).toThrow(String(least));
		resolveRequest({ ...good, constraints: { maxMacCount: least } });
	});
});
