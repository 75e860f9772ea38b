import { readFile } from "node:fs/promises";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { type CsvRow, decodeText, numberCell, readCsvTable } from "@archgen/files";
import type { ProxyName } from "@archgen/proxies";
import { nasBench201Operations } from "@archgen/search-space";

/** One trained network of the benchmark. */
export interface BenchmarkRow {
	readonly arch: string;
	/** Test accuracy on CIFAR-10, in percent. */
	readonly accuracy: number;
	/** Values of other people's proxies, where the table has them. */
	readonly references: Partial<Record<ProxyName, number>>;
}

const ACCURACY = "c10_test";

/** Columns of reference proxies that a table may have, by the proxy of ours that they are to agree with. */
const REFERENCE_COLUMNS: Partial<Record<ProxyName, string>> = {
	parameters: "zc_params",
	macCount: "zc_flops",
	naswot_relu: "zc_nwot",
	snip: "zc_snip",
	synflow: "zc_synflow",
	grad_norm: "zc_grad_norm",
	jacob_cov: "zc_jacov",
	fisher: "zc_fisher",
	grasp: "zc_grasp",
	l2_norm: "zc_l2_norm",
};

/**
 * Reads a comma-separated table with a header and the columns `arch` and `c10_test`.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason FILE_NOT_FOUND, or TABLE_ROW_INVALID with the line
 */
export async function readBenchmarkTable(path: string): Promise<BenchmarkRow[]> {
	const text = await readText(path);
	const rows = readCsvTable(text, { source: path, columns: ["arch", ACCURACY], reason: "TABLE_ROW_INVALID" });
	return rows.map((row) => readRow(row, path));
}

function readRow({ line, cells }: CsvRow, path: string): BenchmarkRow {
	const invalid = (what: string) =>
		invalidArgument("--table", `${path}, line ${line}: ${what}`, "TABLE_ROW_INVALID");
	const numberIn = (column: string): number | undefined => {
		const cell = cells[column] ?? "";
		const value = numberCell(cell);
		if (Number.isFinite(value)) return value;
		if (/^(nan)?$/i.test(cell)) return undefined;
		throw invalid(`${column} must be a number, not ${cell}`);
	};
	const arch = cells.arch!;
	const accuracy = numberIn(ACCURACY);
	if (accuracy === undefined) throw invalid(`${ACCURACY} must be a number`);
	try {
		nasBench201Operations(arch);
	} catch (error) {
		if (error instanceof ArchgenError) throw invalid(error.message);
		throw error;
	}
	const references = Object.entries(REFERENCE_COLUMNS).flatMap(([proxy, column]) => {
		const value = numberIn(column);
		return value === undefined ? [] : [[proxy, value]];
	});
	return { arch, accuracy, references: Object.fromEntries(references) };
}

async function readText(path: string): Promise<string> {
	try {
		return decodeText(await readFile(path));
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		throw invalidArgument("--table", `${path} cannot be read (${code})`, "FILE_NOT_FOUND");
	}
}
