import { planBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import { alphaNetwork, randomCell } from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { expect, test } from "vitest";
import { scoreNetwork } from "./score-network.js";
import { requireScoringMemory, scoringBytes } from "./scoring-memory.js";
import { SectionCache } from "./section-cache.js";

const alpha = alphaNetwork(randomCell(createRandom(3)));
const large = { ...alpha, input: { ...alpha.input, size: 512 } };

test("memory grows with images, pixels and gradients, and counting needs none", () => {
	const bytes = (images: number, proxies: Parameters<typeof scoringBytes>[1]["proxies"], network = alpha) =>
		scoringBytes(network, { images, proxies });
	expect(bytes(128, ["tcet"])).toBeGreaterThan(bytes(64, ["tcet"]));
	expect(bytes(64, ["snip_ssnr"])).toBeGreaterThan(bytes(64, ["naswot"]));
	expect(bytes(64, ["tcet"], large)).toBeGreaterThan(100 * (bytes(64, ["tcet"]) - bytes(64, ["flopCount"])));
	expect(bytes(256, ["flopCount"], large)).toBe(bytes(2, ["flopCount"]));
});

test("usual evaluations fit into 4 GiB, larger ones are refused with both figures", () => {
	const limit = 4 * 2 ** 30;
	requireScoringMemory(alpha, { images: 64, proxies: ["tcet", "naswot", "snip_ssnr"] }, limit, "batch");
	expect(() => requireScoringMemory(large, { images: 256, proxies: ["naswot"] }, limit, "batch")).toThrow(
		/^batch: 256 images of 512×512 pixels need about [\d.]+ GiB .* a worker has 4\.0 GiB/,
	);
});

test("images that no proxy looks at are not drawn", async () => {
	const before = process.memoryUsage().arrayBuffers;
	const batch = planBatch(0, { batch: 256, size: 512, classes: 10 });
	const network = { ...large, classes: 10 };
	const cache = new SectionCache(createInlineRuntime());
	const { values } = await scoreNetwork(cache, { network, batch, proxies: ["flopCount"], seed: 0 });
	expect(values.flopCount).toMatchObject({ ok: true });
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 * 2 ** 20);
});
