import { ArchgenError, type FieldViolation } from "@archgen/errors";
import { numberCell, readCsvTable } from "@archgen/files/csv-table";
import { parseJson, withoutMark } from "@archgen/files/text";
import { KERNELS } from "@archgen/search-space";
import { z } from "zod";
import { type LatencySite, SITE_OPERATIONS } from "./sites.js";

/** One measured operation. */
export interface LatencyEntry extends LatencySite {
	/** Time for one image in milliseconds. */
	readonly ms: number;
}

/** Measured operations of one device. */
export interface LatencyTable {
	/** For people, e.g. the processor and the runtime. */
	readonly device: string;
	readonly entries: readonly LatencyEntry[];
}

const whole = (least: number, most: number) => z.int().min(least).max(most);

const entrySchema = z.strictObject({
	operation: z.enum(SITE_OPERATIONS),
	kernel: z.union(KERNELS.map((kernel) => z.literal(kernel))),
	inChannels: whole(1, 100_000),
	outChannels: whole(1, 100_000),
	resolution: whole(1, 4096),
	stride: whole(1, 2),
	ms: z.number().positive().max(1e7),
});

/** Columns of the CSV form, in any order. */
const LATENCY_COLUMNS = {
	operation: "operation",
	kernel: "kernel",
	in_channels: "inChannels",
	out_channels: "outChannels",
	resolution: "resolution",
	stride: "stride",
	ms: "ms",
} as const;

/**
 * Reads a table: JSON `{"device": …, "entries": [{operation, kernel, inChannels, outChannels, resolution, stride, ms}]}` or CSV
 * with a head of `LATENCY_COLUMNS`.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason LATENCY_TABLE_INVALID, with up to 20 offending entries
 */
export function parseLatencyTable(text: string, source = "latency table"): LatencyTable {
	const isJson = withoutMark(text).trimStart().startsWith("{");
	const { device, rows } = isJson ? readJson(text, source) : readCsv(text, source);
	const violations: FieldViolation[] = [];
	const seen = new Map<string, string>();
	const entries = rows.flatMap(({ place, row }): LatencyEntry[] => {
		const parsed = entrySchema.safeParse(row);
		if (!parsed.success) {
			const [issue] = parsed.error.issues;
			violations.push({
				field: [place, ...issue!.path.map(String)].join("."),
				description: issue!.message,
			});
			return [];
		}
		const { ms: _, ...site } = parsed.data;
		const before = seen.get(JSON.stringify(site));
		if (before !== undefined) violations.push({ field: place, description: `is the same site as ${before}` });
		seen.set(JSON.stringify(site), place);
		return [parsed.data];
	});
	if (rows.length === 0) violations.push({ field: "entries", description: "must not be empty" });
	if (violations.length > 0) throw invalid(source, violations);
	return { device, entries };
}

/** An entry yet to be checked. */
interface Row {
	/** For error messages: `entries[3]` of JSON, `line 5` of CSV. */
	readonly place: string;
	readonly row: unknown;
}

/** The CSV form of a table. */
export function tableToCsv({ entries }: LatencyTable): string {
	const columns = Object.entries(LATENCY_COLUMNS);
	const head = columns.map(([name]) => name).join(",");
	const lines = entries.map((entry) => columns.map(([, field]) => entry[field]).join(","));
	return `${[head, ...lines].join("\n")}\n`;
}

function readJson(text: string, source: string): { device: string; rows: Row[] } {
	let json: unknown;
	try {
		json = parseJson(text);
	} catch {
		throw invalid(source, [{ field: "", description: "is neither JSON nor CSV" }]);
	}
	const { device, entries } = json as { device?: unknown; entries?: unknown };
	if (!Array.isArray(entries)) throw invalid(source, [{ field: "entries", description: "must be a list" }]);
	const rows = entries.map((row: unknown, i) => ({ place: `entries[${i}]`, row }));
	return { device: typeof device === "string" ? device : "", rows };
}

function readCsv(text: string, source: string): { device: string; rows: Row[] } {
	const columns = Object.entries(LATENCY_COLUMNS);
	const reason = "LATENCY_TABLE_INVALID";
	const lines = readCsvTable(text, { source, columns: columns.map(([name]) => name), reason });
	const rows = lines.map(({ line, cells }) => {
		const values = columns.map(([name, field]) => {
			const cell = cells[name]!;
			return [field, field === "operation" ? cell : numberCell(cell)];
		});
		return { place: `line ${line}`, row: Object.fromEntries(values) as unknown };
	});
	return { device: "", rows };
}

function invalid(source: string, violations: readonly FieldViolation[]): ArchgenError {
	const shown = violations.slice(0, 20);
	const more = violations.length > shown.length ? ` and ${violations.length - shown.length} more` : "";
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "LATENCY_TABLE_INVALID",
		message: `${source}: ${shown.map(({ field, description }) => `${field} ${description}`).join("; ")}${more}`,
		violations: shown,
	});
}
