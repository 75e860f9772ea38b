import { short } from "@archgen/pipeline";
import { expect, test } from "vitest";
import { duration, fields, grouped, table } from "./format.js";

test("numbers for people", () => {
	expect(grouped(1_148_474)).toBe("1,148,474");
	expect(grouped(0.123456789)).toBe("0.123457");
	expect(short(326_665_492)).toBe("326.7M");
	expect(short(1.5e9)).toBe("1.5G");
	expect(short(12)).toBe("12");
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
