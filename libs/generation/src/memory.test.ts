import { DEVICE_PRESETS, presetConstraints } from "@archgen/design";
import { countMemory } from "@archgen/search-space";
import { expect, it } from "vitest";
import { generate } from "./generate.js";
import { dependencies } from "./testing.suite.js";

it.each(DEVICE_PRESETS)("networks for %s keep its memories by recount", async (preset) => {
	const constraints = presetConstraints(preset);
	const request = { target: { size: 32, classes: 10 }, constraints, candidates: 4, topK: 4 };
	const { networks } = await generate(request, dependencies());
	expect(networks.length).toBeGreaterThan(0);
	for (const { network, margins } of networks) {
		const memory = countMemory(network);
		expect(memory.weightBytesInt8).toBeLessThanOrEqual(constraints.maxWeightBytesInt8!);
		expect(memory.peakActivationBytesInt8).toBeLessThanOrEqual(constraints.maxPeakActivationBytesInt8!);
		expect(margins.maxWeightBytesInt8!.value).toBe(memory.weightBytesInt8);
		expect(margins.maxPeakActivationBytesInt8!.value).toBe(memory.peakActivationBytesInt8);
	}
});
