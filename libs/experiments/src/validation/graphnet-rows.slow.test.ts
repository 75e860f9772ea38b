import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadImages, seededBatch } from "@archgen/datasets";
import { ScoringPool } from "@archgen/proxies";
import { alphaNetwork, cellFromNasBench201, graphNetFileFromJson } from "@archgen/search-space";
import { describe, expect, test } from "vitest";
import { compareScore, type GraphNetRow, recount } from "./graphnet-rows.js";

const data = resolve(process.env.ARCHGEN_DATA ?? resolve(import.meta.dirname, "../../../../../shared/data"));
const images = resolve(data, "cifar10/cifar10_train_first256.bin");
const architectures = resolve(import.meta.dirname, "../../../../data/graphnet/released-architectures.json");

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

const all = graphNetFileFromJson(JSON.parse(readFileSync(architectures, "utf8"))).map(recount);

test("released architectures have their published counts", () => {
	expect(all).toHaveLength(15);
	expect(all.every(({ agrees }) => agrees)).toBe(true);
});

test("released architectures have the T-CET that docs/search.md compares with, in the setting of searches", async () => {
	const scorer = ScoringPool.create({ workers: 1, threadsPerWorker: 2 });
	const [{ network }] = all.filter(({ set }) => set === "GraphNet_imagenet_450M") as [GraphNetRow];
	const scored = { ...network, input: { ...network.input, size: 64 } };
	const noise = seededBatch(0, { batch: 16, size: 64, classes: 1000 });
	const request = { network: scored, batch: noise, proxies: ["tcet", "tcet_train"], seed: 0 } as const;
	const { values } = await scorer.score({ ...request, bnMode: "eval" });
	await scorer.close();
	const value = (name: "tcet" | "tcet_train") => {
		const result = values[name];
		return result?.ok ? result.value : Number.NaN;
	};
	expect(value("tcet") / 174_447).toBeCloseTo(1, 2);
	expect(value("tcet_train") / 221_950).toBeCloseTo(1, 3);
}, 300_000);

describe.runIf(existsSync(images))("a released architecture", () => {
	test("has a T-CET within 6 % of the published one", async () => {
		const small = all.find(({ network: { input } }) => input.size === 32)!;
		const scorer = ScoringPool.create({ workers: 1, threadsPerWorker: 2 });
		const real = await loadImages(images, { batch: 64, size: 32 });
		const scored = await compareScore(small, { scorer, batch: real, seed: 0 });
		await scorer.close();
		expect(scored.agrees).toBe(true);
	}, 300_000);
});
