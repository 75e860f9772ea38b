import { countBounded } from "@archgen/design";
import { expect, it } from "vitest";
import { generate } from "./generate.js";
import { dependencies } from "./testing.suite.js";

it("networks of a request keep a bound on depth by recount, and use the other bounds", async () => {
	const constraints = { maxDepth: 40, maxFlopCount: 60e6 };
	const request = { target: { size: 32, classes: 10 }, constraints, candidates: 6, topK: 6 };
	const { networks } = await generate(request, dependencies());
	expect(networks.length).toBeGreaterThan(0);
	for (const { network, margins } of networks) {
		const { depth, flopCount } = countBounded(network, constraints);
		expect(depth).toBeLessThanOrEqual(40);
		expect(margins.maxDepth!.value).toBe(depth);
		expect(flopCount).toBeGreaterThan(0.9 * constraints.maxFlopCount);
	}
});
