import { describe, expect, it } from "vitest";
import { sharedTable } from "../../testing/shared-table.js";
import { countLayers } from "../counting.js";
import type { LayerGraph } from "../layer.js";
import { mnasNetBlocks, mnasNetSpace as space } from "./mnasnet-space.js";

/**
 * The table's MACs: multiply-accumulates, 4 operations for each element into BN, and of pooling to one place one for each element and one for each
 * channel.
 */
function tableMacs(graph: LayerGraph): number {
	const extras = graph.layers.map(({ kind, inputs: [input] }) => {
		const { channels, height: size } = graph.values[input!]!;
		if (kind === "batch_norm") return 4 * channels * size ** 2;
		return kind === "squeeze" || kind === "global_average_pool" ? channels * (size ** 2 + 1) : 0;
	});
	return extras.reduce((sum, extra) => sum + extra, countLayers(graph).macCount);
}

/** Counts in the unit of the table's columns, rounded to six decimals as there. */
function row(blocks: string) {
	const graph = space.lower(mnasNetBlocks(blocks));
	return { parameters: countLayers(graph).parameterCount, macs: tableMacs(graph) };
}

describe("MnasNet networks", () => {
	// Rows of the published table (Ahmad et al. 2024).
	it.each([
		["e4k5l2-e4k3l3-e1k3l3-e6k5l1-e6k3l3-e6k5l3-e1k3l3", 3_636_016, 466_564_896],
		["e4k5l3-e1k3l1-e4k5l2-e6k3l3-e1k5l3-e4k3l1-e4k3l1", 2_526_632, 390_650_176],
		["e4k5l3-e1k3l3s-e4k5l3s-e6k3l2s-e4k3l2s-e6k5l1-e1k5l3", 2_632_800, 423_394_704],
	])("%s has the table's parameters, and its MACs with what it adds to them", (blocks, parameters, macs) => {
		expect(row(blocks)).toEqual({ parameters, macs });
	});

	const table = sharedTable("accel-nasbench/half.csv");
	it.runIf(table !== null)("have the parameters and MACs of the table, every row of it", () => {
		const millions = (text: string | undefined) => Math.round(Number(text) * 1e6);
		const wrong = table!.filter(({ blocks, params_millions, macs_millions }) => {
			const { parameters, macs } = row(blocks!);
			return parameters !== millions(params_millions) || macs !== millions(macs_millions);
		});
		expect(table!.length).toBeGreaterThan(2500);
		expect(wrong).toEqual([]);
	});

	it("refuses blocks that are none and says which", () => {
		const good = "e4k5l2-e4k3l3-e1k3l3-e6k5l1-e6k3l3-e6k5l4-e1k3l3";
		expect(space.problem(mnasNetBlocks(good))).toBeUndefined();
		const refuse = (blocks: unknown, text: string) =>
			expect(() => space.fromJson({ blocks })).toThrow(
				expect.objectContaining({ reason: "INVALID_BLOCKS", message: expect.stringContaining(text) }),
			);
		refuse(good.replace("l4", "l5"), "block 6");
		refuse(good.replace("e4k3l3", "e4k3l4"), "block 2");
		refuse(good.slice(7), "seven blocks");
		refuse(7, "seven blocks");
	});
});
