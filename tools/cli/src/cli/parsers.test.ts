import fc from "fast-check";
import { expect, test } from "vitest";
import { choice, count, integer, number } from "./parsers.js";

test("counts take a decimal with a suffix", () => {
	expect(count("450M")).toBe(450_000_000);
	expect(count("1.5G")).toBe(1_500_000_000);
	expect(count("0.1k")).toBe(100);
	expect(count("326665492")).toBe(326_665_492);
	expect(count("1e8")).toBe(100_000_000);
	expect(count("4.5E+8")).toBe(450_000_000);
	expect(count("450 M")).toBe(450_000_000);
	expect(count("450_000_000")).toBe(450_000_000);
});

test("a count written in millions is the count in units", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 10_000_000 }), (thousands) => {
			expect(count(`${thousands / 1000}M`)).toBe(thousands * 1000);
		}),
	);
});

test.each([
	"",
	"0",
	"-5",
	"M",
	"1e-9",
	"1e400",
	"4,5M",
	"450,000",
	"450MB",
	"0.4",
	"NaN",
	"Infinity",
])("%j is no count", (text) => {
	expect(() => count(text)).toThrow(/positive count/);
});

test("whole numbers and numbers keep their bounds", () => {
	expect(integer({ min: 0 })("7")).toBe(7);
	expect(() => integer()("1.5")).toThrow(/whole number/);
	expect(() => integer()("")).toThrow(/whole number/);
	expect(() => integer({ max: 5 })("6")).toThrow(/at most 5/);
	expect(number({ max: 2 })("0.4")).toBe(0.4);
	expect(() => number()("NaN")).toThrow(/finite/);
	expect(() => number({ min: 0 })("-0.1")).toThrow(/at least 0/);
});

test("a choice names what there is", () => {
	expect(choice(["eval", "train"])("train")).toBe("train");
	expect(() => choice(["eval", "train"])("fast")).toThrow("eval, train");
});
