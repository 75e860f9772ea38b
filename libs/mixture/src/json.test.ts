import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { logDensity } from "./density.js";
import { fitMixture } from "./fit.js";
import { mixtureFromJson, mixtureToJson, standardizerFromJson, standardizerToJson } from "./json.js";
import type { Mixture } from "./mixture.js";

const mixture: Mixture = {
	dimension: 2,
	weights: [0.4, 0.6],
	means: [
		[0, 1],
		[2, 3],
	],
	covariances: [
		[
			[2, 1],
			[1, 2],
		],
		[
			[1, 0],
			[0, 1],
		],
	],
};

describe("mixture JSON", () => {
	it("restores a fitted mixture exactly", async () => {
		const random = createRandom(2);
		const samples = Array.from({ length: 200 }, () => [
			random.normal(),
			random.normal() ** 2,
			random.uniform(),
		]);
		const { mixture } = await fitMixture(samples, { components: 3, random });
		const back = mixtureFromJson(JSON.parse(JSON.stringify(mixtureToJson(mixture))));
		expect(back).toEqual(mixture);
		expect(logDensity(back, [0, 1, 0.5])).toBe(logDensity(mixture, [0, 1, 0.5]));
	});

	const valid = () => JSON.parse(JSON.stringify(mixtureToJson(mixture))) as Record<string, unknown>;
	it.each([
		["$", null],
		["$", []],
		["format", { ...valid(), format: "other" }],
		["version", { ...valid(), version: 2 }],
		["dimension", { ...valid(), dimension: "2" }],
		["weights", { ...valid(), weights: [] }],
		["weights", { ...valid(), weights: [0.5, 0.6] }],
		["weights", { ...valid(), weights: [-0.5, 1.5] }],
		["weights[1]", { ...valid(), weights: [1, null] }],
		["means", { ...valid(), means: [[0, 1]] }],
		["means[1]", { ...valid(), means: [[0, 1], [2]] }],
		["covariances", { ...valid(), covariances: "none" }],
		[
			"covariances[0]",
			{
				...valid(),
				covariances: [
					[
						[1, 0.5],
						[0, 1],
					],
					[
						[1, 0],
						[0, 1],
					],
				],
			},
		],
		[
			"covariances[1]",
			{
				...valid(),
				covariances: [
					[
						[1, 0],
						[0, 1],
					],
					[
						[1, 2],
						[2, 1],
					],
				],
			},
		],
		[
			"covariances[1][0]",
			{
				...valid(),
				covariances: [
					[
						[1, 0],
						[0, 1],
					],
					[[1], [2, 1]],
				],
			},
		],
	])("names %s when it does not fit (case %#)", (field, json) => {
		expect(() => mixtureFromJson(json)).toThrowError(
			expect.objectContaining({
				reason: "INVALID_MIXTURE",
				violations: [expect.objectContaining({ field })],
			}),
		);
	});
});

describe("standardizer JSON", () => {
	const valid = standardizerToJson({ log: [false, true], mean: [1, 2], std: [3, 4] });
	it.each([
		["$", "text"],
		["format", { ...valid, format: undefined }],
		["log", { ...valid, log: [] }],
		["log[1]", { ...valid, log: [true, 1] }],
		["mean", { ...valid, mean: [1] }],
		["std", { ...valid, std: [1, 0] }],
		["std[0]", { ...valid, std: ["1", 2] }],
	])("names %s when it does not fit (case %#)", (field, json) => {
		expect(() => standardizerFromJson(json)).toThrowError(
			expect.objectContaining({
				reason: "INVALID_STANDARDIZER",
				violations: [expect.objectContaining({ field })],
			}),
		);
	});
});
