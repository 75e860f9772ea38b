import { ArchgenError } from "@archgen/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { numberCell, readCsvTable } from "./csv-table.js";

const table = { source: "x.csv", columns: ["a", "b"] };
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test("cells come back as they were, quoted, whatever is in them and whichever line breaks there are", () => {
	const cell = fc.string().map((value) => value.trim());
	fc.assert(
		fc.property(
			fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
			fc.constantFrom("\n", "\r\n", "\r"),
			(rows, end) => {
				const filled = rows.filter((row) => row.some((value) => value !== ""));
				const text = [["a", "b"], ...filled].map((row) => row.map(quoted).join(",")).join(end);
				const read = readCsvTable(`\ufeff${text}`, table);
				expect(read.map(({ cells }) => [cells.a, cells.b])).toEqual(filled);
			},
		),
	);
});

test("lines are counted as in the file", () => {
	expect(readCsvTable("a,b\n\n1,2\n\n3,4\n", table).map(({ line }) => line)).toEqual([3, 5]);
});

test("any text is a table or an error that names it", () => {
	const text = fc.string({ unit: fc.constantFrom(..."ab,;\"'\n\r\t 1|") });
	fc.assert(
		fc.property(text, (rest) => {
			try {
				readCsvTable(`a,b\n${rest}`, table);
			} catch (error) {
				expect(error).toBeInstanceOf(ArchgenError);
				expect((error as ArchgenError).message).toMatch(/^x\.csv: (head|line \d+) /);
			}
		}),
		{ numRuns: 500 },
	);
});

test("numbers are decimal, with a point", () => {
	expect(["1", "-1.5", "1e-3", ".5", "+2E4"].map(numberCell)).toEqual([1, -1.5, 0.001, 0.5, 20_000]);
	for (const text of ["", "1,5", "0x10", "NaN", "Infinity", "1 000", undefined])
		expect(numberCell(text)).toBeNaN();
});
