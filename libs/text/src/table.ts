import { grouped } from "./numbers.js";

/** A table for people: the first row is the head; numbers stand right, text left. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
	const cells = [head, ...rows].map((row) => row.map(String));
	const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
	const isNumeric = head.map((_, column) =>
		rows.every((row) => typeof row[column] === "number" || /^[\d.,+-]/.test(String(row[column]))),
	);
	return cells
		.map((row) =>
			row
				.map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}

/** Name and value of each field on a line of its own. */
export function fields(record: Readonly<Record<string, string | number>>): string {
	const width = Math.max(...Object.keys(record).map((name) => name.length));
	return Object.entries(record)
		.map(([name, value]) => `${name.padEnd(width)}  ${typeof value === "number" ? grouped(value) : value}`)
		.join("\n");
}
