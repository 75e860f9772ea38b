import { LatencyModel, parseLatencyTable, tableToCsv } from "@archgen/latency";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { expect, test } from "vitest";
import { silentContext } from "../../testing/silent-context.js";
import { processorTime } from "./measure.js";
import { checkPredictions, profile } from "./profile.js";

const context = silentContext();

test("a measured table has no gaps and predicts whole networks better than nothing", async () => {
	const runtime = createInlineRuntime();
	const grid = { channels: [8, 32], resolutions: [4], mostWork: 1e9, inputs: [32], classes: [10] };
	const table = await profile(context, runtime, grid, processorTime);
	expect(new LatencyModel(parseLatencyTable(tableToCsv(table))).gaps).toEqual([]);
	expect(table.entries.every(({ ms }) => ms > 0)).toBe(true);
	const { networks, spearman } = await checkPredictions(context, runtime, table, processorTime, {
		count: 4,
		seed: 0,
	});
	expect(networks).toHaveLength(4);
	expect(spearman).toBeGreaterThan(0);
});
