import { LatencyModel, parseLatencyTable, tableToCsv } from "@archgen/latency";
import { createRandom } from "@archgen/random";
import { lowerNetwork } from "@archgen/search-space";
import { expect, test } from "vitest";
import { silentContext } from "../../testing/silent-context.js";
import { drawNetwork } from "./draw-network.js";
import { processorTime, timeSites } from "./measure.js";
import { checkPredictions, profile } from "./profile.js";
import { siteTimes } from "./site-times.js";

const context = silentContext();
const timing = { threads: 1, clock: processorTime };

test("a measured table has no gaps and predicts whole networks better than nothing", async () => {
	const table = await profile(context, timing, { networks: 10, device: "" });
	expect(new LatencyModel(parseLatencyTable(tableToCsv(table))).gaps).toEqual([]);
	expect(table.entries.every(({ ms }) => ms > 0)).toBe(true);
	const { networks, spearman } = await checkPredictions(context, timing, table, { count: 16, seed: 0 });
	expect(networks).toHaveLength(16);
	expect(spearman).toBeGreaterThan(0.5);
});

test("the operations of a network are measured where they stand, and none is lost", async () => {
	const network = drawNetwork(createRandom(1));
	const times = await timeSites(network, timing);
	const convolutions = times.filter(({ site }) => site.operation !== "add");
	expect(convolutions.every(({ ms }) => ms > 0)).toBe(true);
});

test("the time of a node counts to the operation that it computes, wherever its name comes from", () => {
	const network = drawNetwork(createRandom(1));
	const { layers } = lowerNetwork(network);
	const unfused = layers.map(({ name }) => ({ name, operator: "Any", ms: 1 }));
	const sum = siteTimes(network, unfused).reduce((total, { ms }) => total + ms, 0);
	expect(sum).toBeCloseTo(layers.length, 6);
	// The stem's convolution takes in its norm and the ReLU of the first node, and is named after that.
	const relu = layers.find(({ kind }) => kind === "relu")!;
	const [stem] = siteTimes(network, [
		{ name: `${relu.name}_nchwc`, operator: "Conv", ms: 2 },
		{ name: "ReorderOutput", operator: "ReorderOutput", ms: 3 },
	]);
	expect(stem).toMatchObject({ site: { operation: "stem" }, ms: 5 });
});
