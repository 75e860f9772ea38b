import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import {
	expectedLogit,
	FAULT_COSTS,
	faultsOf,
	SOUND_LOGIT,
	TCET_SHARE,
	withUsualDepth,
} from "@archgen/proxies";
import {
	countNetwork,
	layerDepth,
	lowerNetwork,
	type Network,
	networkFromJson,
	networkStructure,
} from "@archgen/search-space";
import { mean, partialSpearman, spearman } from "@archgen/statistics";
import { inverse, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { fitTrained, logit } from "./fit-trained.js";

interface Trained {
	readonly name: string;
	/** By epochs. */
	readonly accuracy: Readonly<Record<number, number>>;
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
const long = ours.filter(({ accuracy }) => accuracy[16] !== undefined && accuracy[8] === undefined);
const peer = (name: string, epochs: 4 | 8 | 16) => all.find((each) => each.name === name)!.accuracy[epochs]!;

const faultsOfNetwork = (network: Network) => faultsOf(networkStructure(lowerNetwork(network)));

test("networks of one cost: 25 to 30 M multiply-accumulates and at most 1 M parameters, or twice that", () => {
	for (const { name, network } of ours) {
		const { macCount, parameterCount } = countNetwork(network);
		const scale = name.startsWith("drawn60-") ? 2 : 1;
		expect(macCount).toBeGreaterThan(25e6 * scale);
		expect(macCount).toBeLessThanOrEqual(30e6 * scale);
		expect(parameterCount).toBeLessThanOrEqual(1e6 * scale);
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

describe("accuracy follows from structure", () => {
	const PEERS = ["mobilenet_v2", "mnasnet_b1", "shufflenet_v2", "resnet20", "resnet18"];
	const peers = Object.fromEntries(
		([4, 8, 16] as const).map((epochs) => [epochs, PEERS.map((name) => peer(name, epochs))]),
	);
	const fit = fitTrained(ours, peers, 8);
	const within = (lines: readonly (typeof ours)[number][], { predicted, measured } = fit) => {
		const chosen = ours.flatMap((each, i) => (lines.includes(each) ? [i] : []));
		return spearman(
			chosen.map((i) => predicted[i]!),
			chosen.map((i) => measured[i]!),
		);
	};

	test("as the shipped costs of faults have it", () => {
		expect(fit.sound).toBeCloseTo(SOUND_LOGIT, 2);
		for (const [fault, cost] of Object.entries(FAULT_COSTS))
			expect(fit.costs[fault as keyof typeof FAULT_COSTS]).toBeCloseTo(cost, 2);
	});

	test("149 networks, each predicted by the others", () => {
		expect(ours).toHaveLength(149);
		expect(fit.r2).toBeCloseTo(0.86, 2);
		expect(within(ours)).toBeCloseTo(0.89, 2);
		expect(within(ours.filter(({ accuracy }) => accuracy[8] !== undefined))).toBeCloseTo(0.705, 2);
	});

	test("winners, candidates and hand-made networks that were trained last are ordered by a fit to the others", () => {
		const isLast = ({ name }: { name: string }) => /^(?:hand|candidate|evolution|best-structure)-/.test(name);
		const { sound, costs } = fitTrained(
			ours.filter((each) => !isLast(each)),
			peers,
			8,
		);
		const last = ours.filter((each) => isLast(each));
		const predicted = last.map(({ network }) => expectedLogit(faultsOfNetwork(network), costs, sound));
		expect(last).toHaveLength(30);
		expect(
			spearman(
				predicted,
				last.map(({ accuracy }) => accuracy[8]!),
			),
		).toBeCloseTo(0.59, 2);
	});

	describe("and from T-CET in train mode a layer", () => {
		const residual = ({ network }: { network: Network }, i: number) =>
			fit.measured[i]! - expectedLogit(faultsOfNetwork(network));
		const within60 = ours.flatMap((each, i) =>
			each.depth <= 60 && each.scores !== undefined ? [{ ...each, unexplained: residual(each, i) }] : [],
		);
		const lnTcet = ({ scores }: Trained) => Math.log1p(scores!.tcet_train!);
		const lnLayers = ({ network }: { network: Network }) => Math.log(countNetwork(network).layerCount);

		test("with the shipped share; T-CET and the number of layers have equal weights within the error", () => {
			expect(within60).toHaveLength(101);
			const x = new Matrix(within60.map((each) => [1, lnTcet(each), lnLayers(each)]));
			const y = Matrix.columnVector(within60.map(({ unexplained }) => unexplained));
			const covariance = inverse(x.transpose().mmul(x));
			const weights = covariance.mmul(x.transpose()).mmul(y);
			const squares = Matrix.sub(y, x.mmul(weights)).norm("frobenius") ** 2;
			const error = Math.sqrt((squares / (within60.length - 3)) * covariance.get(2, 2));
			const [, share, layers] = weights.to1DArray();
			expect(share).toBeCloseTo(TCET_SHARE, 2);
			expect(layers).toBeCloseTo(-0.53, 2);
			expect(error).toBeCloseTo(0.14, 2);
			expect(Math.abs(share! + layers!)).toBeLessThan(error);
		});

		test("of the 30 M networks of 8 epochs it says hardly more otherwise", () => {
			const chosen = ours.filter(
				({ accuracy, name }) => accuracy[8] !== undefined && !name.startsWith("drawn60-"),
			);
			const expected = chosen.map(({ network }) => expectedLogit(faultsOfNetwork(network)));
			const measured = chosen.map(({ accuracy }) => logit(accuracy[8]!));
			const partial = (proxy: string, ...fixed: number[][]) =>
				partialSpearman(
					chosen.map(({ scores }) => scores![proxy]!),
					measured,
					[expected, ...fixed],
				);
			expect(chosen).toHaveLength(77);
			expect(partial("tcet_train")).toBeCloseTo(0.06, 2);
			expect(partial("tcet_train", chosen.map(lnLayers))).toBeCloseTo(0.25, 2);
			expect(partial("tcet")).toBeCloseTo(0.07, 2);
			expect(partial("naswot")).toBeCloseTo(0.075, 2);
			expect(partial("az_trainability")).toBeCloseTo(0.23, 2);
		});
	});
});
