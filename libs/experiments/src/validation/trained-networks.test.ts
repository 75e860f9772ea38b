import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { withUsualDepth } from "@archgen/proxies";
import { countNetwork, layerDepth, lowerNetwork, type Network, networkFromJson } from "@archgen/search-space";
import { mean, partialSpearman, spearman } from "@archgen/statistics";
import { describe, expect, test } from "vitest";

interface Trained {
	readonly name: string;
	/** By epochs. */
	readonly accuracy: { readonly 4?: number; readonly 16?: number };
	readonly network?: unknown;
	readonly scores?: Readonly<Record<string, number>>;
}

const file = resolve(import.meta.dirname, "../../../../data/trained/cifar10-24k.jsonl.gz");
const all = gunzipSync(readFileSync(file))
	.toString()
	.trim()
	.split("\n")
	.map((line): Trained => JSON.parse(line));

const ours = all
	.filter(({ network }) => network !== undefined)
	.map((each) => {
		const network: Network = networkFromJson(each.network);
		return { ...each, network, depth: layerDepth(lowerNetwork(network)) };
	});
const short = ours.filter(({ accuracy, scores }) => accuracy[4] !== undefined && scores !== undefined);
const long = ours.filter(({ accuracy }) => accuracy[16] !== undefined);
const peer = (name: string, epochs: 4 | 16) => all.find((each) => each.name === name)!.accuracy[epochs]!;

test("networks of one cost: 26 to 30 M multiply-accumulates, at most 1 M parameters", () => {
	for (const { network } of ours) {
		const { macCount, parameterCount } = countNetwork(network);
		expect(macCount).toBeGreaterThan(26e6);
		expect(macCount).toBeLessThanOrEqual(30e6);
		expect(parameterCount).toBeLessThanOrEqual(1e6);
	}
});

describe("what docs/accuracy.md says of trained networks", () => {
	const depths = short.map(({ depth }) => depth);
	const accuracies = short.map(({ accuracy }) => accuracy[4]!);
	const scoresOf = (proxy: string) => short.map(({ scores }) => scores![proxy]!);

	test("deeper networks are worse, after 4 epochs and after 16", () => {
		expect(short).toHaveLength(57);
		expect(spearman(depths, accuracies)).toBeCloseTo(-0.89, 2);
		expect(long).toHaveLength(16);
		const later = long.map(({ accuracy }) => accuracy[16]!);
		expect(
			spearman(
				long.map(({ depth }) => depth),
				later,
			),
		).toBeLessThan(-0.85);
	});

	test.each([
		["tcet", -0.63, 0.38],
		["tcet_train", -0.79, 0.28],
		["synflow", -0.84, 0.18],
		["naswot", -0.32, 0.4],
	])("%s: Spearman %s, with depth fixed %s", (proxy, overall, fixed) => {
		expect(spearman(scoresOf(proxy), accuracies)).toBeCloseTo(overall, 2);
		expect(partialSpearman(scoresOf(proxy), accuracies, [depths])).toBeCloseTo(fixed, 1);
	});

	test("within the usual depth networks train as well as MobileNetV2, beyond three times that depth none does", () => {
		const { maxDepth } = withUsualDepth({}, ["tcet_train"], { size: 32, classes: 10 });
		const within = short.filter(({ depth }) => depth <= maxDepth!);
		expect(mean(within.map(({ accuracy }) => accuracy[4]!))).toBeGreaterThan(peer("mobilenet_v2", 4));
		const beyond = short.filter(({ depth }) => depth > 3 * maxDepth!);
		expect(Math.max(...beyond.map(({ accuracy }) => accuracy[4]!))).toBeLessThan(peer("mobilenet_v2", 4));
		expect(beyond.length).toBeGreaterThan(30);
	});
});
