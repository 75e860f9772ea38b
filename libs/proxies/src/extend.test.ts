import { readFileSync } from "node:fs";
import { seededBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import { macroNetwork, randomCell } from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { expect, test } from "vitest";
import { widestLayer } from "../testing/widest-layer.js";
import type { ProxyName } from "./proxy-table.js";
import { PROXIES } from "./proxy-table.js";
import { scoreNetwork } from "./score-network.js";
import { SectionCache } from "./section-cache.js";

test("the proxy of docs/extend/proxy.md is the one that the page shows", () => {
	const page = readFileSync(new URL("../../../docs/extend/proxy.md", import.meta.url), "utf8");
	const file = readFileSync(new URL("../testing/widest-layer.ts", import.meta.url), "utf8");
	expect(page).toContain(file.replace('"../src/', '"../'));
});

test("with a line in the table it scores networks", async () => {
	// The line in the table that the page asks for.
	Object.assign(PROXIES, { widest_layer: widestLayer });
	const stage = { cell: randomCell(createRandom(2)), channels: 24, stride: 2 as const, repeats: 1 };
	const network = macroNetwork([stage], 200, { size: 16, classes: 10 });
	const cache = new SectionCache(createInlineRuntime({ threads: 1 }));
	const batch = seededBatch(0, { batch: 2, size: 16, classes: 10 });
	const proxies = ["widest_layer" as ProxyName];
	const { values } = await scoreNetwork(cache, { network, batch, seed: 0, proxies });
	expect(values).toEqual({ widest_layer: { ok: true, value: expect.any(Number) } });
	const result = Object.values(values)[0]!;
	expect(result.ok && result.value).toBeGreaterThanOrEqual(200);
});
