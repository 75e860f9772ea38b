import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadImages } from "@archgen/datasets";
import { ScoringPool } from "@archgen/proxies";
import { alphaNetwork, cellFromNasBench201, graphNetFileFromJson } from "@archgen/search-space";
import { describe, expect, test } from "vitest";
import { compareScore, recount } from "./graphnet-rows.js";

const data = resolve(process.env.ARCHGEN_DATA ?? resolve(import.meta.dirname, "../../../../../shared/data"));
const images = resolve(data, "cifar10/cifar10_train_first256.bin");
const architectures = resolve(data, "graphnet/released-architectures.json");

const network = alphaNetwork(
	cellFromNasBench201("|nor_conv_1x1~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|"),
);
const row = recount({ set: "s", index: 0, network, publishedTcet: 100 });
const batch = { images: new Float32Array(), shape: [2, 3, 32, 32], labels: new BigInt64Array() } as never;

test.each([
	[94.1, true],
	[106.1, false],
	[93.9, false],
])("a T-CET of %s beside 100 agrees: %s", async (value, near) => {
	const scorer = {
		score: async () => ({ values: { tcet: { ok: true, value } as const }, counts: {} as never, layers: [] }),
	};
	// counts that nobody published agree with nothing
	expect(row.agrees).toBe(false);
	const scored = await compareScore({ ...row, agrees: true }, { scorer, batch, seed: 0 });
	expect(scored).toMatchObject({ tcet: value, agrees: near });
});

describe.runIf(existsSync(images) && existsSync(architectures))("a released architecture", () => {
	test("has its published counts, and a T-CET within 6 % of the published one", async () => {
		const all = graphNetFileFromJson(JSON.parse(readFileSync(architectures, "utf8"))).map(recount);
		const small = all.find(({ network: { input } }) => input.size === 32)!;
		const scorer = ScoringPool.create({ workers: 1, threadsPerWorker: 2 });
		const real = await loadImages(images, { batch: 64, size: 32 });
		const scored = await compareScore(small, { scorer, batch: real, seed: 0 });
		await scorer.close();
		expect(scored.agrees).toBe(true);
	}, 300_000);
});
