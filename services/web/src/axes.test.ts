import fc from "fast-check";
import { expect, test } from "vitest";
import { bytes, byteTicks } from "../page/src/format.js";
import { axesOf, type Measured, widestCost } from "../page/src/views/axes.js";

const network = (macCount: number, parameterCount: number, bytes: number): Measured => ({
	counts: { macCount: String(macCount), parameterCount: String(parameterCount) },
	peakActivationBytes: String(bytes),
});

test("a plane begins with the cost in which networks differ most, relatively", () => {
	const networks = [network(59e6, 2e6, 5e5), network(60e6, 1e6, 6e5)];
	const axes = axesOf(networks);
	expect(widestCost(axes, networks, "tcet")).toBe("parameterCount");
	expect(widestCost(axes, networks, "parameterCount")).toBe("peakActivationBytes");
	// all alike: the usual one
	expect(widestCost(axes, [networks[0]!], "tcet")).toBe("macCount");
});

test("memory and depth are axes where a bound asked for them, with the bound", () => {
	const margins = [
		{ kind: "CONSTRAINT_KIND_MAX_WEIGHT_BYTES_INT8", limit: "4096", actual: "2048", relativeMargin: 0.5 },
		{ kind: "CONSTRAINT_KIND_MAX_DEPTH", limit: "40", actual: "39", relativeMargin: 0.025 },
	];
	const item = { ...network(1, 1, 1), margins };
	const shown = axesOf([item]).filter(({ bounds }) => /Int8|Depth/.test(bounds.join()));
	expect(shown.map((axis) => [axis.title, axis.format(axis.read(item)!), axis.bounds])).toEqual([
		["Depth", "39", ["maxDepth"]],
		["Weights, int8", "2 KiB", ["maxWeightBytesInt8"]],
	]);
	expect(axesOf([network(1, 1, 1)]).some(({ title }) => title === "Depth")).toBe(false);
});

test("what ranks is the first axis, the accuracy to expect the next, in per cent", () => {
	const scores = { naswot: 185.04, tcet: 48_125, expected_accuracy: 0.7331, tcet_fit: 5.559 };
	const [first, second] = axesOf([{ scores }], "tcet-fit");
	expect([first!.key, second!.key]).toEqual(["tcet_fit", "expected_accuracy"]);
	expect(second!.format(second!.read({ scores })!)).toBe("73.3 %");
});

test("ticks of bytes are multiples of one power of two, few and inside of the axis", () => {
	const amount = fc.integer({ min: 0, max: 2 ** 31 });
	const property = fc.property(amount, amount, fc.integer({ min: 2, max: 10 }), (a, b, count) => {
		const [least, most] = [Math.min(a, b), Math.max(a, b) + count];
		const ticks = byteTicks(least, most, count);
		const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
		expect(Number.isInteger(Math.log2(step))).toBe(true);
		expect(ticks.every((tick) => tick >= least && tick <= most && tick % step === 0)).toBe(true);
		expect(ticks.length).toBeLessThanOrEqual(count + 1);
		expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(count / 2));
	});
	fc.assert(property);
	expect(byteTicks(500_000, 2_500_000, 8).map(bytes)).toEqual([
		"512 KiB",
		"768 KiB",
		"1 MiB",
		"1.25 MiB",
		"1.5 MiB",
		"1.75 MiB",
		"2 MiB",
		"2.25 MiB",
	]);
});
