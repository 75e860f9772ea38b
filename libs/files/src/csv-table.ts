import { ArchgenError, type FieldViolation } from "@archgen/errors";
import { CsvError, parse } from "csv-parse/sync";
import { withoutMark } from "./text.js";

/** One row of a table. */
export interface CsvRow {
	/** Line of the file, from 1; the last one where a quoted cell goes over several. */
	readonly line: number;
	/** Text of each cell by its column, without the spaces around it. */
	readonly cells: Readonly<Record<string, string>>;
}

/** How to read a table. */
export interface CsvTable {
	/** Name of the file, in front of error messages. */
	readonly source: string;
	/** Columns that the head must have, in any order among others. */
	readonly columns: readonly string[];
	/** Reason of the errors. Default `CSV_INVALID`. */
	readonly reason?: string;
}

const SEPARATORS = { ";": "semicolons", "\t": "tabs", "|": "bars" } as const;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads comma-separated values with a head (RFC 4180): quoted cells, line breaks of any system, a byte order mark.
 *
 * @throws ArchgenError INVALID_ARGUMENT that names the line: a column that is missing or there twice, a row with another number of cells than the
 *   head, quotes that do not close
 */
export function readCsvTable(text: string, table: CsvTable): CsvRow[] {
	const [head, ...rows] = recordsOf(text, table);
	const names = head?.record ?? [];
	checkHead(names, table);
	return rows.map(({ record, line }) => {
		if (record.length !== names.length) {
			const advice = record.length > names.length ? "; is there a comma inside a number?" : "";
			const description = `has ${record.length} cells, the head has ${names.length}${advice}`;
			throw invalid(table, { field: `line ${line}`, description });
		}
		return { line, cells: Object.fromEntries(names.map((name, i) => [name, record[i]!])) };
	});
}

/** The number in a cell, written with a decimal point; NaN for anything else. */
export function numberCell(cell: string | undefined): number {
	return cell !== undefined && DECIMAL.test(cell) ? Number(cell) : Number.NaN;
}

interface CsvRecord {
	readonly record: readonly string[];
	readonly line: number;
}

function recordsOf(text: string, table: CsvTable): CsvRecord[] {
	try {
		const found = parse(withoutMark(text), {
			record_delimiter: ["\r\n", "\n", "\r"],
			trim: true,
			info: true,
			relax_column_count: true,
			skip_records_with_empty_values: true,
		}) as unknown as { record: string[]; info: { lines: number } }[];
		return found.map(({ record, info }) => ({ record, line: info.lines }));
	} catch (cause) {
		if (!(cause instanceof CsvError)) throw cause;
		const line = (cause as CsvError & { lines?: number }).lines;
		throw invalid(table, { field: `line ${line}`, description: cause.message }, cause);
	}
}

function checkHead(names: readonly string[], table: CsvTable): void {
	const missing = table.columns.filter((column) => !names.includes(column));
	if (missing.length > 0) {
		const [only = ""] = names.length === 1 ? names : [];
		const separator = Object.entries(SEPARATORS).find(([sign]) => only.includes(sign));
		const advice = separator ? `; its cells are separated by ${separator[1]}, save it with commas` : "";
		const description = `lacks the columns ${missing.join(", ")}${advice}`;
		throw invalid(table, { field: "head", description });
	}
	const twice = names.find((name, i) => names.indexOf(name) !== i && table.columns.includes(name));
	if (twice !== undefined)
		throw invalid(table, { field: "head", description: `has the column ${twice} twice` });
}

function invalid(
	{ source, reason = "CSV_INVALID" }: CsvTable,
	violation: FieldViolation,
	cause?: unknown,
): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason,
		message: `${source}: ${violation.field} ${violation.description}`,
		violations: [violation],
		cause,
	});
}
