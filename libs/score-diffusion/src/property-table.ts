import { ArchgenError, invalidArgument } from "@archgen/errors";
import { type ArchitectureSpace, architectureKey } from "@archgen/search-space";
import { parse } from "csv-parse/sync";
import { ARCHITECTURE_FIELD, architectureFromText } from "./spaces/space-states.js";

/** A table of measured properties of architectures. */
export interface PropertyTable<A> {
	readonly architectures: readonly A[];
	/** Values of each column that was asked for, in the order of the architectures. */
	readonly columns: Readonly<Record<string, readonly number[]>>;
}

const refuse = (description: string, reason: string): ArchgenError =>
	invalidArgument("table", description, reason);

/**
 * Reads comma-separated values with a header: the column `arch` and numeric ones.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason TABLE_COLUMN_MISSING (listing the numeric columns there are), TABLE_ROW_INVALID (an unknown
 *   architecture, a value that is not a finite number) or TABLE_ROW_TWICE, naming the line
 */
export function parsePropertyTable<A>(
	text: string,
	space: ArchitectureSpace<A>,
	wanted: readonly string[],
): PropertyTable<A> {
	const [header = [], ...rows] = readCsv(text);
	requireColumns(header, wanted);
	const at = (row: readonly string[], column: string) => row[header.indexOf(column)] ?? "";
	const lines = new Map<string, number>();
	const architectures = rows.map((row, i) => {
		const line = i + 2;
		const architecture = onLine(line, () => architectureFromText(space, at(row, ARCHITECTURE_FIELD)));
		const key = architectureKey(space, architecture);
		const earlier = lines.get(key);
		if (earlier !== undefined)
			throw refuse(
				`line ${line} has the architecture of line ${earlier}; keep one of them`,
				"TABLE_ROW_TWICE",
			);
		lines.set(key, line);
		return architecture;
	});
	const columns = wanted.map(
		(column) => [column, rows.map((row, i) => numberOf(at(row, column), column, i + 2))] as const,
	);
	return { architectures, columns: Object.fromEntries(columns) };
}

function readCsv(text: string): string[][] {
	try {
		return parse(text, { bom: true, skip_empty_lines: true, trim: true });
	} catch (cause) {
		throw refuse(`is no comma-separated table: ${(cause as Error).message}`, "TABLE_ROW_INVALID");
	}
}

function requireColumns(header: readonly string[], wanted: readonly string[]): void {
	const missing = [ARCHITECTURE_FIELD, ...wanted].filter((column) => !header.includes(column));
	if (missing.length === 0) return;
	const known = header.filter((column) => column !== ARCHITECTURE_FIELD).join(", ") || "none";
	throw refuse(`has no column ${missing.join(", ")}; its columns are ${known}`, "TABLE_COLUMN_MISSING");
}

function onLine<T>(line: number, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		throw refuse(`line ${line}: ${error.message}`, "TABLE_ROW_INVALID");
	}
}

function numberOf(text: string, column: string, line: number): number {
	const value = text === "" ? Number.NaN : Number(text);
	if (Number.isFinite(value)) return value;
	throw refuse(
		`line ${line}: ${column} is ${JSON.stringify(text)}, not a finite number`,
		"TABLE_ROW_INVALID",
	);
}
