import { expect, test } from "vitest";
import { orchestratorSettings } from "./settings.js";

test("connections outlive generations: a pinged connection that was asked to close is dropped with its calls", () => {
	const hour = 3_600_000;
	expect(orchestratorSettings.parse({}).limits.maxConnectionAgeMs).toBeGreaterThan(hour);
	expect(orchestratorSettings.parse({ limits: { maxConnectionAgeMs: 5000 } }).limits.maxConnectionAgeMs).toBe(
		5000,
	);
});
