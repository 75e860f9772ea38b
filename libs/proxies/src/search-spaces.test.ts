import { syntheticBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import { countLayers, SEARCH_SPACES, type SearchSpace, SPACE_NAMES } from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { PROXY_NAMES } from "./proxy-table.js";
import { scoreNetwork } from "./score-network.js";
import { SectionCache } from "./section-cache.js";

const TARGET = { size: 32, classes: 5 };
const runtime = createInlineRuntime({ threads: 1 });
const batch = syntheticBatch(createRandom(3), { batch: 6, ...TARGET });

// Networks of cells have tests of their own, with recorded values.
const NAMES = SPACE_NAMES.filter((name) => name !== "cells" && name !== "hierarchical");

describe.each(NAMES)("networks of %s", (name) => {
	const space = SEARCH_SPACES[name] as SearchSpace<unknown>;

	it("have a value of every proxy", async () => {
		const network = space.lower(space.random(createRandom(4)), TARGET);
		const request = { network, batch, proxies: PROXY_NAMES, seed: 1 };
		const { values, counts, layers } = await scoreNetwork(new SectionCache(runtime), request);
		const failed = Object.entries(values).filter(([, result]) => !result.ok);
		expect(failed).toEqual([]);
		expect(counts).toEqual(countLayers(network));
		expect(layers).toHaveLength(counts.layerCount);
	});
});
