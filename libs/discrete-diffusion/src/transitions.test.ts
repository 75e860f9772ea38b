import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { COSINE_SCHEDULE, keptShare, samplingTimes } from "./noise-schedule.js";
import { drawClass, posterior, posteriors, reverseStep, transition } from "./transitions.js";

const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const marginal = fc.array(share, { minLength: 2, maxLength: 5 }).map((weights) => {
	const sum = weights.reduce((a, b) => a + b, 0);
	return weights.map((weight) => weight / sum);
});
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

it("keeps the marginals, and two transitions after another are one", () => {
	fc.assert(
		fc.property(marginal, share, share, (m, first, second) => {
			m.forEach((_, to) => {
				expect(sum(m.map((p, from) => p * transition(from, first, m)[to]!))).toBeCloseTo(m[to]!, 12);
				const through = transition(0, first, m).map((p, mid) => p * transition(mid, second, m)[to]!);
				expect(sum(through)).toBeCloseTo(transition(0, first * second, m)[to]!, 12);
			});
		}),
	);
});

it("has the posterior that enumerating all ways through x_s gives, and undoes noise on average", () => {
	fc.assert(
		fc.property(marginal, share, share, (m, earlier, ratio) => {
			const times = { earlier, later: earlier * ratio };
			const known = posteriors(times, m);
			// x_0 ~ m, so that p(x_0 | x_t) is known and the reverse step must give p(x_s | x_t)
			m.forEach((_, xt) => {
				const ways = m.map((p, x0) => p * transition(x0, times.later, m)[xt]!);
				const estimate = ways.map((way) => way / sum(ways));
				const joint = m.map((_, xs) =>
					sum(m.map((p, x0) => p * transition(x0, earlier, m)[xs]! * transition(xs, ratio, m)[xt]!)),
				);
				reverseStep(xt, estimate, known).forEach((found, xs) => {
					expect(found).toBeCloseTo(joint[xs]! / sum(joint), 10);
				});
				m.forEach((_, x0) => {
					expect(sum(posterior(xt, x0, times, m)!)).toBeCloseTo(1, 12);
				});
			});
		}),
	);
});

it("knows that x_t cannot come from another class without noise", () => {
	expect(posterior(0, 1, { earlier: 1, later: 1 }, [0.5, 0.5])).toBeUndefined();
	expect(posterior(1, 0, { earlier: 1, later: 0.5 }, [0.5, 0.5])).toEqual([1, 0]);
});

it("keeps all at time 0 and nothing at the last one, and ever less between", () => {
	const kept = samplingTimes(COSINE_SCHEDULE, 500).map((t) => keptShare(COSINE_SCHEDULE, t));
	expect([kept[0], kept[500]]).toEqual([0, 1]);
	for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1]!);
	expect(samplingTimes(COSINE_SCHEDULE, 3)).toEqual([500, 333, 167, 0]);
});

it("draws classes as often as they are probable", () => {
	const random = createRandom(0);
	const counts = [0, 0, 0];
	for (let i = 0; i < 3000; i++) counts[drawClass([1, 0, 2], random)]!++;
	expect(counts[1]).toBe(0);
	expect(Math.abs(counts[0]! - 1000)).toBeLessThan(100);
});
