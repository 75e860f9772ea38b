import fc from "fast-check";
import { expect, it } from "vitest";
import { sampleMeasures } from "./sample-measures.js";

it("counts valid, unique and novel samples, each among those before", () => {
	expect(sampleMeasures(["a", undefined, "b", "a"], new Set(["b", "c"]))).toEqual({
		validity: 3 / 4,
		uniqueness: 2 / 3,
		novelty: 1 / 2,
	});
	expect(sampleMeasures([])).toEqual({ validity: 0, uniqueness: 0, novelty: 0 });
});

it("does not depend on the order, and shares stay between 0 and 1", () => {
	const keys = fc.array(fc.option(fc.constantFrom("a", "b", "c", "d"), { nil: undefined }));
	fc.assert(
		fc.property(keys, fc.array(fc.constantFrom("a", "b")), (samples, trained) => {
			const measures = sampleMeasures(samples, new Set(trained));
			expect(sampleMeasures([...samples].reverse(), new Set(trained))).toEqual(measures);
			for (const share of Object.values(measures)) {
				expect(share).toBeGreaterThanOrEqual(0);
				expect(share).toBeLessThanOrEqual(1);
			}
		}),
	);
});
