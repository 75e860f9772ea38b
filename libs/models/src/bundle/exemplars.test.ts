import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import { expect, test } from "vitest";
import { exemplarsFromJson, exemplarsToJson } from "./exemplars.js";

const exemplars = [2, 0, 1].map((cluster) => ({ cluster, cell: randomCell(createRandom(cluster)) }));

test("exemplars survive their JSON form", () => {
	const json = JSON.parse(JSON.stringify(exemplarsToJson(exemplars)));
	expect(exemplarsFromJson(json, 3)).toEqual(exemplars);
});

test("anything else is refused by name", () => {
	const good = exemplarsToJson(exemplars);
	const [first] = good.exemplars;
	const refused = [
		null,
		{},
		{ ...good, version: 2 },
		{ ...good, exemplars: [] },
		{ ...good, exemplars: [null] },
		{ ...good, exemplars: [{ ...first, cluster: 3 }] },
		{ ...good, exemplars: [{ ...first, cell: {} }] },
	];
	for (const json of refused) {
		expect(() => exemplarsFromJson(json, 3)).toThrow(
			expect.objectContaining({ reason: "INVALID_EXEMPLARS" }),
		);
	}
});
