import { constraintViolations, targetViolations } from "@archgen/design";
import { expect, it } from "vitest";
import { PROFILES } from "./profiles.js";

it.each(Object.entries(PROFILES))("%s searches under names of their own for what can be found", (_, {
	histories,
}) => {
	expect(new Set(histories.map(({ name }) => name)).size).toBe(histories.length);
	for (const { target, constraints } of histories)
		expect([...targetViolations(target), ...constraintViolations(constraints, target)]).toEqual([]);
});
