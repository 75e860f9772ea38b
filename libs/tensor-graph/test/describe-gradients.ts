import { beforeAll, describe, expect, it } from "vitest";
import { checkGradients, type GradientCase, type GradientCheck } from "./finite-differences.js";

/** Registers one test for each case; the cases of a block run as one model. */
export function describeGradients(title: string, cases: readonly GradientCase[], tolerance = 1e-3): void {
	describe(title, () => {
		let checks: GradientCheck[] = [];
		beforeAll(async () => {
			checks = await checkGradients(cases);
		}, 60_000);
		it.each(cases.map((c, i) => [c.name, i] as const))("%s", (_name, i) => {
			const { error, size } = checks[i]!;
			expect(error).toBeLessThan(tolerance);
			expect(size).toBeGreaterThan(1e-3);
		});
	});
}
