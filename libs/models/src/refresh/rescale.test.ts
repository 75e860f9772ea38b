import { networkOf } from "@archgen/design";
import type { EvolutionRecord } from "@archgen/evolution";
import { createRandom } from "@archgen/random";
import { countNetwork, NETWORK_LIMITS, randomCell, stemStride } from "@archgen/search-space";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rescaled } from "./rescale.js";

const records = fc
	.record({ size: fc.integer({ min: 16, max: 512 }), seed: fc.nat(), stages: fc.integer({ min: 1, max: 6 }) })
	.map(({ size, seed, stages }) => {
		const random = createRandom(seed);
		const design = {
			stages: Array.from({ length: stages }, (_, i) => ({
				cluster: i,
				channels: 8 * (1 + random.integer(128)),
				stride: random.pick([1, 2] as const),
				repeats: 1 + random.integer(3),
				cell: randomCell(random.fork(i)),
			})),
			finalChannels: 8 * (1 + random.integer(128)),
		};
		return { target: { size, classes: 10 }, design } as unknown as EvolutionRecord;
	});

test("only widths, image size and classes change, and the counts are those of the new network", () => {
	const limits = NETWORK_LIMITS.channels;
	fc.assert(
		fc.property(records, fc.nat(), (record, seed) => {
			const { design, target, counts } = rescaled(record, createRandom(seed));
			const shape = ({ stages }: EvolutionRecord["design"]) => stages.map(({ channels: _, ...rest }) => rest);
			expect(shape(design)).toEqual(shape(record.design));
			const cells = design.stages.map(({ cell }) => cell);
			expect(counts).toEqual(countNetwork(networkOf(design, cells, target)));
			for (const width of [...design.stages.map(({ channels }) => channels), design.finalChannels]) {
				expect(width % limits.multipleOf).toBe(0);
				expect(width).toBeGreaterThanOrEqual(limits.minimum);
				expect(width).toBeLessThanOrEqual(limits.maximum);
			}
			expect(stemStride(target.size)).toBe(stemStride(record.target.size));
			expect(target.size / record.target.size).toBeGreaterThan(0.6);
			expect(target.size / record.target.size).toBeLessThan(1.6);
			expect(target.classes).toBeGreaterThanOrEqual(2);
			expect(target.classes).toBeLessThanOrEqual(1000);
		}),
	);
});

test("the same stream gives the same question", () => {
	const [record] = fc.sample(records, { numRuns: 1, seed: 1 });
	expect(rescaled(record!, createRandom(3))).toEqual(rescaled(record!, createRandom(3)));
	expect(rescaled(record!, createRandom(3)).counts).not.toEqual(rescaled(record!, createRandom(4)).counts);
});
