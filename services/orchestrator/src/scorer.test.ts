import { createRandom } from "@archgen/random";
import { countNetwork, macroNetwork, randomCell } from "@archgen/search-space";
import { expect, test } from "vitest";
import { affordableData } from "./scorer.js";

const SETTINGS = { parallelism: 1, maxInputSize: 64, pixels: 65_536, macs: 5e9, deadlineMs: 1000 };

const network = (channels: number, size: number, repeats = 2) => {
	const stages = [0, 1, 2].map((i) => ({
		cell: randomCell(createRandom(i)),
		channels,
		stride: 1 as const,
		repeats,
	}));
	return macroNetwork(stages, 64, { size, classes: 10 });
};

test("networks that cost little are scored on as many images as the pixels allow", () => {
	expect(affordableData([network(8, 32, 1)], SETTINGS)).toEqual({ inputSize: 32, batchSize: 64 });
	expect(affordableData([network(8, 224, 1)], SETTINGS)).toEqual({ inputSize: 64, batchSize: 16 });
});

test("the largest of a set decides: fewer images, then smaller ones, down to those of searches", () => {
	const [small, large] = [network(8, 32), network(192, 32)];
	const { macCount } = countNetwork(large);
	expect(64 * macCount).toBeGreaterThan(SETTINGS.macs);
	const within = (images: number) => ({ ...SETTINGS, macs: images * macCount });
	expect(affordableData([small, large], within(40))).toEqual({ inputSize: 32, batchSize: 32 });
	expect(affordableData([small, large], within(20))).toEqual({ inputSize: 32, batchSize: 16 });
	expect(affordableData([small, large], within(8))).toEqual({ inputSize: 16, batchSize: 16 });
	expect(affordableData([small, large], within(0))).toEqual({ inputSize: 16, batchSize: 16 });
});
