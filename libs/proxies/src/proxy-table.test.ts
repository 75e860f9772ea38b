import { syntheticBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import { alphaNetwork, cellFromJson, lowerNasBench201, type Network } from "@archgen/search-space";
import { createInlineRuntime, type Runtime } from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { PROXIES, PROXY_NAMES, type ProxyName } from "./proxy-table.js";
import { scoreNetwork } from "./score-network.js";
import { SectionCache } from "./section-cache.js";

let runs = 0;
const inner = createInlineRuntime();
const counting: Runtime = {
	...inner,
	load: async (bytes, options) => {
		const model = await inner.load(bytes, options);
		return {
			run: (feeds, how) => {
				runs++;
				return model.run(feeds, how);
			},
			release: () => model.release(),
		};
	},
};
const cache = new SectionCache(counting);

const chain = (kernel: number, length: number) =>
	cellFromJson({
		operations: Array.from({ length }, () => ({ type: "conv", kernel })),
		edges: Array.from({ length: length + 1 }, (_, i) => [i, i + 1]),
	});
const network: Network = {
	input: { size: 16, channels: 3 },
	classes: 4,
	stem: { channels: 8, stride: 1 },
	stages: [{ cell: chain(3, 2), channels: 8, stride: 2, repeats: 2 }],
	finalChannels: null,
};
const batch = syntheticBatch(createRandom(0), { batch: 12, size: 16, classes: 4 });

function score(proxies: readonly ProxyName[], change: object = {}) {
	return scoreNetwork(cache, { network, batch, proxies, seed: 0, bnMode: "train", ...change });
}

/** Model runs that a score costs; what is compiled on the way runs nothing. */
async function runsOf(proxies: readonly ProxyName[]): Promise<number> {
	await score(proxies);
	runs = 0;
	await score(proxies);
	return runs;
}

describe("the table of proxies", () => {
	it("says what each is, and does what it says", async () => {
		const other = { ...batch, images: batch.images.map((x) => 2 - x) };
		const [here, there] = [await score(PROXY_NAMES), await score(PROXY_NAMES, { batch: other })];
		for (const name of PROXY_NAMES) {
			const { description, formula, source, needsData, cost, needsGradient } = PROXIES[name];
			for (const text of [description, formula, source]) expect(text.length, name).toBeGreaterThan(5);
			expect(here.values[name], name).toMatchObject({ ok: true });
			if (needsData) expect(here.values[name], name).not.toEqual(there.values[name]);
			else expect(here.values[name], name).toEqual(there.values[name]);
			if (needsGradient) expect(["backward", "several"], name).toContain(cost);
		}
	});

	it("runs a pass once for all that read it", async () => {
		const sections = 4;
		expect(await runsOf(["parameters", "macCount", "flopCount", "l2_norm"])).toBe(0);
		expect(await runsOf(["naswot"])).toBe(sections);
		expect(await runsOf(["snip", "snip_ssnr", "grad_norm"])).toBe(2 * sections);
		expect(await runsOf(["naswot_relu", "snip", "snip_ssnr", "grad_norm"])).toBe(2 * sections);
		expect(await runsOf(["tcet_train", "snip", "snip_ssnr"])).toBe(2 * sections);
		expect(await runsOf(["tcet", "naswot", "naswot_relu", "snip", "fisher", "jacob_cov"])).toBe(5 * sections);
	});
});

it("batch norm in train mode leaves no statistics behind: eval-mode values are the same beside it", async () => {
	const evalMode = ["tcet", "naswot", "snip"] as const;
	const alone = await score(evalMode, { bnMode: "eval" });
	const beside = await score(["tcet_train", "naswot_relu", "az_trainability", ...evalMode], {
		bnMode: "eval",
	});
	for (const name of evalMode) expect(beside.values[name], name).toEqual(alone.values[name]);
	const trained = await score(["tcet_train"], { bnMode: "train" });
	expect(beside.values.tcet_train).toEqual(trained.values.tcet_train);
	expect(beside.values.tcet_train).not.toEqual(beside.values.tcet);
});

describe("failures have names", () => {
	it("when two minibatches cannot be made of the images", async () => {
		const two = syntheticBatch(createRandom(0), { batch: 2, size: 16, classes: 4 });
		expect((await score(["zico"], { batch: two })).values.zico).toMatchObject({ reason: "TOO_FEW_IMAGES" });
	});

	it("when batch norm keeps the sum of the logits constant", async () => {
		const report = await score(["jacob_cov"], { network: { ...network, finalChannels: 8 } });
		expect(report.values.jacob_cov).toMatchObject({ reason: "CONSTANT_LOGITS" });
	});

	it("when nothing reaches the logits", async () => {
		const nothing = lowerNasBench201("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", {
			classes: 4,
			size: 16,
		});
		const { values } = await score(["zen", "synflow", "naswot_relu", "snip", "tcet"], { network: nothing });
		for (const name of ["zen", "synflow"] as const)
			expect(values[name], name).toMatchObject({ ok: false, reason: "NO_PATH" });
		expect(values.tcet).toMatchObject({ ok: true });
	});
});

it("synflow is finite where float32 would overflow: 10⁴⁹ for a chain of 102 convolutions", async () => {
	const deep = alphaNetwork(chain(3, 6), { size: 16 });
	const images = syntheticBatch(createRandom(0), { batch: 2, size: 16, classes: 10 });
	const { values } = await score(["synflow"], { network: deep, batch: images });
	expect(values.synflow).toMatchObject({ ok: true });
	expect(values.synflow!.ok && values.synflow!.value).toBeGreaterThan(49 * Math.LN10);
});
