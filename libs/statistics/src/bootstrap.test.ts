import { createRandom } from "@archgen/random";
import { expect, test } from "vitest";
import { bootstrapInterval } from "./bootstrap.js";

/** Mean of a sample of values. */
const meanOf = (values: readonly number[]) => (multiplicities: Int32Array) =>
	values.reduce((sum, x, i) => sum + x * multiplicities[i]!, 0) / values.length;

test("of a mean covers it about as often as it says, and narrows with the square root of n", () => {
	const width = (n: number, seed: number) => {
		const random = createRandom(seed);
		const values = Array.from({ length: n }, () => random.normal());
		const [low, high] = bootstrapInterval(n, meanOf(values), { random, resamples: 200 })!;
		return { covered: low <= 0 && 0 <= high, width: high - low };
	};
	const runs = Array.from({ length: 100 }, (_, seed) => width(40, seed));
	const covered = runs.filter((run) => run.covered).length;
	expect(covered).toBeGreaterThanOrEqual(86);
	const mean = (list: readonly { width: number }[]) =>
		list.reduce((sum, r) => sum + r.width, 0) / list.length;
	const wide = Array.from({ length: 20 }, (_, seed) => width(640, seed));
	expect(mean(runs) / mean(wide)).toBeGreaterThan(3);
	expect(mean(runs) / mean(wide)).toBeLessThan(5);
});

test("draws the same samples for the same seed, and leaves samples without a value out", () => {
	const draw = () => bootstrapInterval(10, (m) => m[0]!, { random: createRandom(1), resamples: 50 });
	expect(draw()).toEqual(draw());
	expect(bootstrapInterval(10, () => null, { random: createRandom(1) })).toBeNull();
	expect(bootstrapInterval(10, (m) => (m[0]! > 0 ? 2 : Number.NaN), { random: createRandom(1) })).toEqual([
		2, 2,
	]);
});
