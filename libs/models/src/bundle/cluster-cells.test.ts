import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import { expect, test } from "vitest";
import { clusterCellsFromJson, clusterCellsToJson } from "./cluster-cells.js";

const cells = [randomCell(createRandom(1)), null, randomCell(createRandom(2))];

test("cells by cluster survive their JSON form", () => {
	const json = JSON.parse(JSON.stringify(clusterCellsToJson(cells)));
	expect(clusterCellsFromJson(json, 3)).toEqual(cells);
});

test("anything else is refused by name", () => {
	const good = clusterCellsToJson(cells);
	const refused = [
		null,
		{},
		{ ...good, version: 2 },
		{ ...good, cells: [{}, null, null] },
		{ ...good, cells: [] },
	];
	for (const json of refused) {
		expect(() => clusterCellsFromJson(json, 3)).toThrow(
			expect.objectContaining({ reason: "INVALID_CLUSTER_CELLS" }),
		);
	}
});
