import fc from "fast-check";
import { expect, it } from "vitest";
import { VECTOR_LENGTH } from "../vector/vector-pass.js";
import { TrainingMemory } from "./training-memory.js";

const plans = fc.record({
	specs: fc
		.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }), { minLength: 1, maxLength: 6 })
		.map((shapes) => shapes.map((shape, i) => ({ name: `p${i}`, shape }))),
	shares: fc.integer({ min: 1, max: 4 }),
});

it("keeps every parameter of every region apart, and another thread finds them in the same places", () => {
	fc.assert(
		fc.property(plans, (plan) => {
			const memory = new TrainingMemory(plan);
			const regions = ["parameters", "first", "second", ...Array.from({ length: plan.shares }, (_, i) => i)];
			const places = regions.flatMap((region) => plan.specs.map(({ name }) => ({ region, name }) as const));
			places.forEach(({ region, name }, i) => {
				memory.view(region as number, name).fill(i + 1);
			});
			const elsewhere = new TrainingMemory(plan, memory.shared);
			places.forEach(({ region, name }, i) => {
				expect(elsewhere.view(region as number, name).every((value) => value === i + 1)).toBe(true);
			});
		}),
	);
});

it("deals all elements out in stretches of whole vectors", () => {
	fc.assert(
		fc.property(plans, (plan) => {
			const memory = new TrainingMemory(plan);
			let next = 0;
			for (let share = 0; share < plan.shares; share++) {
				const { start, count } = memory.stretch(share);
				expect(start).toBe(next);
				expect(count % VECTOR_LENGTH).toBe(0);
				next = start + count;
			}
			const elements = (memory.offset("first", 0) - memory.offset("parameters", 0)) / 4;
			expect(next).toBe(elements);
		}),
	);
});

it("refuses numbers that do not fit and models that are too large", () => {
	const memory = new TrainingMemory({ specs: [{ name: "w", shape: [2, 3] }], shares: 1 });
	expect(() => memory.write("parameters", "w", new Float32Array(5))).toThrow(/"w" has 6 elements, not 5/);
	const huge = { specs: [{ name: "w", shape: [30_000, 10_000] }], shares: 1 };
	expect(() => new TrainingMemory(huge)).toThrow(/4\.5 GiB .* can keep 4\.0/);
});
