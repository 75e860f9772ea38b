import { readFile } from "node:fs/promises";
import { ArchgenError, invalidArgument } from "@archgen/errors";
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
 * @throws ArchgenError INVALID_ARGUMENT (field `--table`), reason FILE_NOT_FOUND, TABLE_COLUMN_MISSING or TABLE_ROW_INVALID
 */
export async function readBenchmarkTable(path: string): Promise<BenchmarkRow[]> {
	const [head, ...lines] = (await readText(path)).split(/\r?\n/).filter((line) => line !== "");
	const columns = (head ?? "").split(",");
	const missing = ["arch", ACCURACY].filter((name) => !columns.includes(name));
	if (missing.length > 0)
		throw invalidArgument("--table", `${path} has no column ${missing.join(", ")}`, "TABLE_COLUMN_MISSING");
	return lines.map((line, i) =>
		readRow(new Map(line.split(",").map((cell, c) => [columns[c]!, cell])), i + 2, path),
	);
}

function readRow(cells: ReadonlyMap<string, string>, line: number, path: string): BenchmarkRow {
	const arch = cells.get("arch") ?? "";
	const accuracy = numberIn(cells, ACCURACY);
	const invalid = (what: string) =>
		invalidArgument("--table", `${path}, line ${line}: ${what}`, "TABLE_ROW_INVALID");
	if (accuracy === undefined) throw invalid(`${ACCURACY} must be a number`);
	try {
		nasBench201Operations(arch);
	} catch (error) {
		if (error instanceof ArchgenError) throw invalid(error.message);
		throw error;
	}
	const references = Object.entries(REFERENCE_COLUMNS).flatMap(([proxy, column]) => {
		const value = numberIn(cells, column);
		return value === undefined ? [] : [[proxy, value]];
	});
	return { arch, accuracy, references: Object.fromEntries(references) };
}

function numberIn(cells: ReadonlyMap<string, string>, column: string): number | undefined {
	const text = cells.get(column)?.trim();
	const value = text ? Number(text) : Number.NaN;
	return Number.isFinite(value) ? value : undefined;
}

async function readText(path: string): Promise<string> {
	try {
		return await readFile(path, "utf8");
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		throw invalidArgument("--table", `${path} cannot be read (${code})`, "FILE_NOT_FOUND");
	}
}
