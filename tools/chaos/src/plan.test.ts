import fc from "fast-check";
import { expect, test } from "vitest";
import { DATABASE_FAULTS, planFaults, SERVICE_FAULTS, SERVICES } from "./plan.js";

const KINDS = [...SERVICE_FAULTS, ...DATABASE_FAULTS];

test("the same seed gives the same schedule, another one another", () => {
	const options = { seed: 3, count: 30, longestMs: 1000 };
	expect(planFaults(options)).toEqual(planFaults(options));
	expect(planFaults(options)).not.toEqual(planFaults({ ...options, seed: 4 }));
});

test("every kind comes before any comes again, targets fit the kind, times keep their bounds", () => {
	fc.assert(
		fc.property(
			fc.nat(),
			fc.integer({ min: 1, max: 60 }),
			fc.integer({ min: 10, max: 5000 }),
			(seed, count, longestMs) => {
				const plan = planFaults({ seed, count, longestMs });
				expect(plan).toHaveLength(count);
				for (const { kind, target, afterMs, lastsMs, jumpMs } of plan) {
					expect(jumpMs !== undefined).toBe(kind === "clock-jump");
					expect(target === "database").toBe(DATABASE_FAULTS.some((name) => name === kind));
					for (const time of [afterMs, lastsMs]) {
						expect(time).toBeGreaterThanOrEqual(0);
						expect(time).toBeLessThanOrEqual(longestMs);
					}
				}
				const counts = KINDS.map((kind) => plan.filter((fault) => fault.kind === kind).length);
				expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
				const services = SERVICES.map((name) => plan.filter(({ target }) => target === name).length);
				expect(Math.max(...services) - Math.min(...services)).toBeLessThanOrEqual(1);
			},
		),
	);
});

test("kinds that cannot be made are left out", () => {
	const plan = planFaults({ seed: 1, count: 30, longestMs: 10, without: ["full-disk"] });
	expect(new Set(plan.map(({ kind }) => kind))).toEqual(
		new Set(KINDS.filter((kind) => kind !== "full-disk")),
	);
});
