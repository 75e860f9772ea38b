import { planBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import { type Network, randomCell, TASK_NAMES, type TaskName } from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { PROXY_NAMES } from "./proxy-table.js";
import { scoreNetwork, scoringSelection } from "./score-network.js";
import { SectionCache } from "./section-cache.js";

/** Outputs of the smallest network of each task that is worth a test. */
const OUTPUTS: Readonly<Record<TaskName, number>> = {
	classification: 5,
	multilabel: 3,
	regression: 1,
	dense: 1,
	features: 0,
};

function networkFor(task: TaskName): Network {
	const random = createRandom(3);
	return {
		input: { size: 16, width: 22, channels: 2 },
		classes: OUTPUTS[task],
		...(task !== "classification" && { task }),
		stem: { channels: 8, stride: 1 },
		stages: [
			{ cell: randomCell(random), channels: 8, stride: 2, repeats: 1 },
			{ cell: randomCell(random), channels: 16, stride: 2, repeats: 2 },
		],
		finalChannels: 24,
	};
}

describe.each(TASK_NAMES)("a network for %s on 16×22 images of two channels", (task) => {
	const network = networkFor(task);
	const batch = planBatch(1, scoringSelection(network, 8));

	it("has a T-CET from gradients that reach every layer, and a value or a named failure of every other proxy", async () => {
		const cache = new SectionCache(createInlineRuntime({ threads: 1 }));
		const report = await scoreNetwork(cache, { network, batch, proxies: PROXY_NAMES, seed: 0 });
		for (const name of ["tcet", "naswot", "snip_ssnr", "grad_norm", "zico", "az_expressivity"] as const)
			expect(report.values[name], name).toEqual({ ok: true, value: expect.any(Number) });
		for (const name of PROXY_NAMES) {
			const result = report.values[name]!;
			if (result.ok) expect(Number.isFinite(result.value), name).toBe(true);
			else expect(result.reason, name).toMatch(/^[A-Z_]+$/);
		}
		const silent = report.layers.filter(({ saliency }) => !(saliency && saliency.sum > 0));
		expect(silent.map(({ name }) => name)).toEqual([]);
	});
});
