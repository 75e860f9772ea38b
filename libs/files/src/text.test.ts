import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText, parseJson, parseJsonFile, requireUtf8, withoutMark } from "./text.js";

const text = fc.string({ unit: "binary" }).filter((value) => !value.startsWith("\ufeff"));

test("a text is the same with and without a mark, in each encoding that has one", () => {
	fc.assert(
		fc.property(text, (value) => {
			const marked = `\ufeff${value}`;
			const little = Buffer.from(marked, "utf16le");
			for (const bytes of [Buffer.from(marked), little, Buffer.from(little).swap16()])
				expect(decodeText(bytes)).toBe(value);
			expect(withoutMark(marked)).toBe(value);
			if (!/^\u{fffe}/u.test(value)) expect(decodeText(Buffer.from(value))).toBe(value);
		}),
	);
});

test("JSON is read with a mark, as text and as bytes", () => {
	expect(parseJson('\ufeff{"a":1}')).toEqual({ a: 1 });
	expect(parseJson(Buffer.from('\ufeff{"a":1}', "utf16le"))).toEqual({ a: 1 });
	expect(() => parseJsonFile("{", "x.json")).toThrow(
		expect.objectContaining({ reason: "FILE_NOT_JSON", message: expect.stringContaining("x.json") }),
	);
});

test("JSON may be nested, but not without end", () => {
	const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
	expect(() => parseJson(arrays(500))).not.toThrow();
	for (const text of [arrays(501), `${'{"a":'.repeat(501)}1${"}".repeat(501)}`])
		expect(() => parseJson(text)).toThrow(new SyntaxError("it is nested more than 500 levels deep"));
	const brackets = JSON.stringify({ 'a"[': `\\"${"[{".repeat(1000)}` });
	expect(parseJson(brackets)).toEqual(JSON.parse(brackets));
	fc.assert(
		fc.property(fc.json(), (json) => {
			expect(parseJson(json)).toEqual(JSON.parse(json));
		}),
	);
});

test("nothing is added to a file in another encoding", () => {
	requireUtf8(Buffer.from("\ufeffa"), "x");
	requireUtf8(Buffer.alloc(0), "x");
	expect(() => requireUtf8(Buffer.from("\ufeffa", "utf16le"), "x.jsonl")).toThrow(/x\.jsonl is UTF-16LE/);
});
