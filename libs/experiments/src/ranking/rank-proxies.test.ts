import type { ProxyName } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import type { BenchmarkScores } from "../validation/benchmark-scores.js";
import { rankProxies, shareOf } from "./rank-proxies.js";

const n = 60;
const random = createRandom(0);
/** Networks in twelve groups of five that cost the same; accuracy grows with cost and, less, with quality. */
const networks = Array.from({ length: n }, (_, i) => {
	const group = Math.floor(i / 5);
	const quality = random.uniform();
	return { group, quality, accuracy: 50 + 2 * group + quality };
});
const rows = networks.map(({ accuracy }, i) => ({ arch: String(i), accuracy }));
const costs = networks.map(({ group }) => ({
	macCount: 1000 * 1.5 ** group,
	parameterCount: 100 * 1.3 ** group,
}));

const ok = (value: number) => ({ ok: true, value }) as const;
const failed = { ok: false, reason: "NO_PATH", message: "…" } as const;
const scores = networks.map(
	({ quality, group }, i): BenchmarkScores => ({
		parameters: ok(costs[i]!.parameterCount),
		synflow: ok(quality),
		snip: ok(-quality - 3 * group),
		zen: i % 2 === 0 ? ok(quality + 2 * group) : failed,
		fisher: failed,
		grasp: ok(1),
		tcet_train: ok(quality),
		az_expressivity: ok(quality ** 3),
		az_progressivity: ok(Math.log(quality)),
		az_trainability: ok(100 * quality),
	}),
);
const proxies = Object.keys(scores[0]!) as ProxyName[];
const report = rankProxies({ rows, scores, costs, proxies, seed: 0, resamples: 100 });
const of = (name: string) => report.proxies.find((proxy) => proxy.name === name)!;

describe("a proxy that knows the quality alone", () => {
	it("is perfect at equal cost, and says little otherwise", () => {
		expect(report.equalCostPairs).toBe((12 * 5 * 4) / 2);
		expect(of("synflow")).toMatchObject({ failed: 0, equalCost: 1, equalCostInterval: [1, 1] });
		expect(Math.abs(of("synflow").spearman!)).toBeLessThan(0.5);
		expect(of("synflow").partial).toBeGreaterThan(0.7);
	});

	it("by log ranks of equal orders keeps that order", () => {
		const { name: _, ...combined } = of("tcet-train+az3");
		const { name: __, ...single } = of("tcet_train");
		expect(combined).toEqual(single);
		expect(report.proxies.map(({ name }) => name)).not.toContain("az-nas");
	});
});

describe("a proxy that knows the cost alone", () => {
	it("has nothing left at equal cost", () => {
		expect(of("parameters")).toMatchObject({ partial: null, equalCost: null, equalCostInterval: null });
		expect(of("parameters").spearman).toBeGreaterThan(0.95);
	});
});

it("intervals hold the correlation, and values without one are null", () => {
	for (const name of ["synflow", "parameters", "snip", "zen"]) {
		const { interval, spearman } = of(name);
		expect(interval![0]).toBeLessThanOrEqual(spearman!);
		expect(interval![1]).toBeGreaterThanOrEqual(spearman!);
	}
	for (const name of ["grasp", "fisher"])
		expect(of(name)).toMatchObject({ spearman: null, kendall: null, partial: null, interval: null });
});

it("networks without a value come last and are not selected", () => {
	expect(of("zen").failed).toBe(n / 2);
	const [selected] = of("zen").selections;
	expect(selected!.top1).toBeGreaterThan(report.random[0]!.top1);
	expect(of("fisher").selections[0]!.top1).toBe(report.random[0]!.top1);
});

it("selects between random choice and the oracle, among half of the networks under the median of MACs", () => {
	const [random] = report.random;
	const [oracle] = report.oracle;
	expect(report.macBound).toBe(costs[n / 2]!.macCount);
	expect(random!.candidates).toBe(17); // 35 networks cost no more
	expect(oracle!.top1).toBeGreaterThan(oracle!.top10);
	for (const { selections } of report.proxies) {
		expect(selections[0]!.top1).toBeLessThanOrEqual(oracle!.top1);
		expect(selections[0]!.top10).toBeLessThanOrEqual(oracle!.top10);
	}
	expect(of("parameters").selections[0]!.top1).toBeGreaterThan(random!.top1);
	expect(of("snip").selections[0]!.top1).toBeLessThan(random!.top1);
	expect(shareOf(random!.top1, random!.top1, oracle!.top1)).toBe(0);
	expect(shareOf(oracle!.top1, random!.top1, oracle!.top1)).toBe(1);
});

it("is the same again for the same seed", () => {
	expect(rankProxies({ rows, scores, costs, proxies, seed: 0, resamples: 100 })).toEqual(report);
});
