import { expect, test } from "vitest";
import { decimals, duration, grouped, percent, plusMinus, short } from "./numbers.js";
import { fields, table } from "./table.js";

test("numbers for people", () => {
	expect(grouped(1_148_474)).toBe("1,148,474");
	expect(grouped(0.123456789)).toBe("0.123457");
	expect(short(326_665_492)).toBe("326.7M");
	expect(short(1.5e9)).toBe("1.5G");
	expect(short(12)).toBe("12");
});

test("figures of reports", () => {
	expect([decimals(0.12345), decimals(1, 1), decimals(null), decimals(undefined)]).toEqual([
		"0.123",
		"1.0",
		"–",
		"–",
	]);
	expect([percent(0.12345), percent(1, 0)]).toEqual(["12.3 %", "100 %"]);
	expect(plusMinus({ mean: 1.25, sd: 0.1 })).toBe("1.25 ± 0.10");
	expect(plusMinus({ mean: 2e6, sd: 1e5 }, short)).toBe("2.0M ± 100.0K");
});

test("durations", () => {
	expect(duration(5)).toBe("0:05");
	expect(duration(75)).toBe("1:15");
	expect(duration(3700)).toBe("1:01:40");
});

test("columns of numbers stand right, text left", () => {
	expect(
		table(
			["name", "count"],
			[
				["a", 1],
				["long", 100],
			],
		),
	).toBe("name  count\na         1\nlong    100");
	expect(fields({ a: 1000, longer: "x" })).toBe("a       1,000\nlonger  x");
});
