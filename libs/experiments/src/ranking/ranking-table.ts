import { readFile } from "node:fs/promises";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { createRandom, shuffled } from "@archgen/random";
import { mean } from "@archgen/statistics";
import { CsvError, parse } from "csv-parse/sync";
import { lowerRow, RANKING_SPACES, type RankingSpace, type RankingSpaceName } from "./ranking-spaces.js";

/** A trained network of a table. */
export interface RankingRow {
	/** The architecture as the table writes it. */
	readonly arch: string;
	/** Its accuracy, in the unit of the column. */
	readonly accuracy: number;
}

export interface RankingTable {
	/** Column of the accuracies. */
	readonly target: string;
	readonly rows: readonly RankingRow[];
	/** Rows that the space does not hold. */
	readonly leftOut: number;
	/** Rows beyond the first of an architecture that was trained more than once; its accuracy is the mean. */
	readonly repeated: number;
}

/** Networks below which no correlation says anything. */
const FEWEST = 5;

interface Line {
	readonly record: Readonly<Record<string, string>>;
	readonly line: number;
}

/**
 * Reads a comma-separated table with a header.
 *
 * @param target column of the accuracies, default: the first of the space's targets that the table has
 * @throws ArchgenError INVALID_ARGUMENT (field `--table`), reason FILE_NOT_FOUND, TABLE_INVALID, TABLE_COLUMN_MISSING or TABLE_ROW_INVALID; a row
 *   is named by its line
 */
export async function readRankingTable(
	path: string,
	space: RankingSpaceName,
	target?: string,
): Promise<RankingTable> {
	const { column, targets, leaveOut }: RankingSpace = RANKING_SPACES[space];
	const lines = parseTable(path, await readText(path));
	const columns = Object.keys(lines[0]?.record ?? {});
	const accuracy = target ?? targets.find((name) => columns.includes(name)) ?? targets[0]!;
	const missing = [column, accuracy].filter((name) => !columns.includes(name));
	if (missing.length > 0) {
		const found = columns.length === 0 ? "no rows" : `the columns ${columns.join(", ")}`;
		throw invalidArgument(
			"--table",
			`${path} has no column ${missing.join(", ")}; it has ${found}`,
			"TABLE_COLUMN_MISSING",
		);
	}
	const kept = lines.filter(({ record }) => !leaveOut?.matches(record[column]!));
	const rows = kept.map((line) => readRow(line, { path, space, column, accuracy }));
	const { merged, repeated } = mergeTrainings(rows, path);
	if (merged.length < FEWEST)
		throw invalidArgument(
			"--table",
			`${path} has ${merged.length} networks of ${space}; correlations need at least ${FEWEST}`,
			"TABLE_INVALID",
		);
	return { target: accuracy, rows: merged, leftOut: lines.length - kept.length, repeated };
}

/** One row for each architecture: the mean of those that were trained more than once. An exact copy of a row is an error. */
function mergeTrainings(rows: readonly NumberedRow[], path: string) {
	const groups = new Map<string, NumberedRow[]>();
	for (const row of rows) {
		const group = groups.get(row.arch) ?? [];
		const copied = group.find(({ accuracy }) => accuracy === row.accuracy);
		if (copied) throw invalidRow(path, row.line, `is a copy of line ${copied.line}; remove one of them`);
		groups.set(row.arch, [...group, row]);
	}
	const merged = [...groups].map(
		([arch, group]): RankingRow => ({ arch, accuracy: mean(group.map(({ accuracy }) => accuracy)) }),
	);
	return { merged, repeated: rows.length - merged.length };
}

/** A random sample of a table's rows; a larger one contains a smaller one of the same seed. */
export function sampleRows(
	rows: readonly RankingRow[],
	limit: number | undefined,
	seed: number,
): RankingRow[] {
	return shuffled(createRandom(seed).fork("rows"), rows).slice(0, limit);
}

interface NumberedRow extends RankingRow {
	readonly line: number;
}

interface Reading {
	readonly path: string;
	readonly space: RankingSpaceName;
	readonly column: string;
	readonly accuracy: string;
}

function readRow({ record, line }: Line, { path, space, column, accuracy }: Reading): NumberedRow {
	const arch = record[column]!;
	const text = record[accuracy]!;
	const value = text === "" ? Number.NaN : Number(text);
	if (!Number.isFinite(value))
		throw invalidRow(path, line, `${accuracy} is ${JSON.stringify(text)}; it must be a number`);
	try {
		lowerRow(space, arch, RANKING_SPACES[space].task);
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		throw invalidRow(path, line, `${column} is no architecture of ${space}: ${error.message}`);
	}
	return { arch, accuracy: value, line };
}

function invalidRow(path: string, line: number, problem: string): ArchgenError {
	return invalidArgument("--table", `${path}, line ${line}: ${problem}`, "TABLE_ROW_INVALID");
}

function parseTable(path: string, text: string): Line[] {
	try {
		const options = { columns: true, info: true, bom: true, trim: true, skip_empty_lines: true } as const;
		const lines = parse(text, options) as unknown as {
			record: Record<string, string>;
			info: { lines: number };
		}[];
		return lines.map(({ record, info }) => ({ record, line: info.lines }));
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		throw invalidArgument(
			"--table",
			`${path} is no comma-separated table: ${error.message}`,
			"TABLE_INVALID",
		);
	}
}

async function readText(path: string): Promise<string> {
	try {
		return await readFile(path, "utf8");
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		throw invalidArgument("--table", `${path} cannot be read (${code})`, "FILE_NOT_FOUND");
	}
}
