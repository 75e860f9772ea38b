import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	aggregateObjective,
	defaultSearchProxy,
	isObjectiveName,
	OBJECTIVE_NAMES,
	OBJECTIVES,
	type ObjectiveName,
	usualDepth,
	usualParameters,
	withUsualDepth,
} from "./objectives.js";
import { isProxyName, PROXIES } from "./proxy-table.js";

const RANKED = "tcet-train+az3" satisfies ObjectiveName;
const part = fc.integer({ min: -50, max: 50 });
const network = fc.tuple(part, part, part, part);
const networks = fc.array(network, { minLength: 1, maxLength: 20 });

describe("the table of objectives", () => {
	it("is made of proxies, and those of one value of one proxy", () => {
		for (const name of OBJECTIVE_NAMES) {
			const { parts, aggregate, description, source } = OBJECTIVES[name];
			for (const proxy of parts) expect(isProxyName(proxy)).toBe(true);
			if (aggregate === "value") expect(parts).toHaveLength(1);
			expect(description.length * source.length).toBeGreaterThan(20);
			expect(isObjectiveName(name)).toBe(true);
		}
		expect(isObjectiveName("toString")).toBe(false);
	});

	it("scores parts that have no batch norm mode of their own in the mode it says", () => {
		const modes = OBJECTIVE_NAMES.filter((name) =>
			OBJECTIVES[name].parts.some((proxy) => PROXIES[proxy].batchNorm === "request"),
		).map((name) => [name, OBJECTIVES[name].bnMode]);
		expect(modes).toEqual([
			["tcet", "eval"],
			["snip", "train"],
		]);
	});
});

describe("aggregation", () => {
	it("by log ranks is 0 for the best in everything and grows with each part", () => {
		expect(aggregateObjective(RANKED, [[1, 1, 1, 1]])).toEqual([0]);
		expect(
			aggregateObjective(RANKED, [
				[3, 3, 3, 3],
				[1, 2, 1, 1],
				[2, 1, 2, 2],
			]),
		).toEqual([0, 3 * Math.log(1 / 3) + Math.log(2 / 3), 3 * Math.log(2 / 3) + Math.log(1 / 3)]);
		fc.assert(
			fc.property(networks, fc.nat(), fc.nat({ max: 3 }), (set, index, which) => {
				const i = index % set.length;
				const better = set.map((values, j) =>
					j === i ? values.map((x, p) => (p === which ? x + 7 : x)) : values,
				);
				const [before, after] = [aggregateObjective(RANKED, set), aggregateObjective(RANKED, better)];
				expect(after[i]!).toBeGreaterThanOrEqual(before[i]!);
			}),
		);
	});

	it("does not depend on the order of the set, nor by log ranks on the parts' units", () => {
		fc.assert(
			fc.property(networks, (set) => {
				const scores = aggregateObjective(RANKED, set);
				const reversed = aggregateObjective(RANKED, [...set].reverse()).reverse();
				const stretched = aggregateObjective(
					RANKED,
					set.map((values) => values.map((x) => Math.exp(x / 10) * 1e6)),
				);
				expect(reversed).toEqual(scores);
				expect(stretched).toEqual(scores);
			}),
		);
	});
});

it.each([
	[["tcet_train"], { size: 32, classes: 10 }, {}, 30],
	[["tcet_train", "az_trainability"], { size: 224, classes: 1000 }, { maxFlopCount: 450e6 }, 50],
	[["tcet_train"], { size: 224, width: 48, classes: 10 }, {}, 30],
	[["tcet_train"], { size: 32, classes: 10 }, { maxDepth: 200 }, 200],
	[["tcet_train"], { size: 32, classes: 10 }, { maxWeightBytesInt8: 1e6 }, undefined],
	[["tcet"], { size: 32, classes: 10 }, {}, undefined],
] as const)("the usual depth for %j of %j under %j is %s", (parts, target, given, maxDepth) => {
	expect(withUsualDepth(given, parts, target)).toEqual({ ...given, ...(maxDepth && { maxDepth }) });
});

it("depth is usual by halvings of the image, whatever else is bounded, for what grows with it", () => {
	expect(usualDepth(["tcet_fit"], { size: 96, classes: 2 })).toBe(40);
	expect(usualDepth(["tcet"], { size: 96, classes: 2 })).toBeUndefined();
	for (const size of [5, 0, -1, Number.NaN])
		expect(usualDepth(["tcet_structure"], { size, classes: 2 })).toBeUndefined();
});

it("searches look at size where operations are bounded, and nowhere else", () => {
	expect(defaultSearchProxy({ maxMacCount: 30e6 })).toBe("tcet_fit_size");
	expect(defaultSearchProxy({ maxFlopCount: 450e6, maxParameterCount: 1e6 })).toBe("tcet_fit_size");
	expect(defaultSearchProxy({ maxParameterCount: 1e6 })).toBe("tcet_fit");
	expect(defaultSearchProxy({ minMacCount: 30e6 })).toBe("tcet_fit");
});

it("as many parameters as the root of the classes says are usual where structure is looked at", () => {
	const target = { size: 32, classes: 40 };
	expect(usualParameters(["tcet_fit"], target)).toBe(400_000);
	expect(usualParameters(["tcet_train"], target)).toBeUndefined();
	expect(usualParameters(["tcet_structure"], { ...target, task: "dense" })).toBeUndefined();
});
