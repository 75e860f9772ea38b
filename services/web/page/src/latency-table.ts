import type { LatencyEntry, LatencyTable } from "@archgen/latency/model";
import type { LatencyTableMessage } from "./api/types.js";

const COLUMNS: Readonly<Record<string, keyof LatencyEntry>> = {
	operation: "operation",
	kernel: "kernel",
	in_channels: "inChannels",
	out_channels: "outChannels",
	resolution: "resolution",
	stride: "stride",
	ms: "ms",
};

/**
 * Reads a latency table as `archgen profile-latency` writes it, CSV or JSON. The server checks what the entries say.
 *
 * @throws Error that names what is missing
 */
export function readLatencyTable(text: string, name: string): LatencyTable {
	const table = text.trimStart().startsWith("{") ? readJson(text, name) : readCsv(text, name);
	const bad = table.entries.findIndex((entry) =>
		Object.entries(entry).some(([field, value]) => field !== "operation" && !(Number(value) > 0)),
	);
	if (table.entries.length === 0) throw new Error(`${name} has no entries.`);
	if (bad >= 0) throw new Error(`Entry ${bad + 1} of ${name} has a number that is missing or not above 0.`);
	return table;
}

function readJson(text: string, name: string): LatencyTable {
	const { device, entries } = JSON.parse(text) as Partial<LatencyTable>;
	if (!Array.isArray(entries)) throw new Error(`${name} has no list of entries.`);
	return { device: device || name, entries: entries.map(pick) };
}

function readCsv(text: string, name: string): LatencyTable {
	const [head = [], ...rows] = text
		.replace(/^\ufeff/, "")
		.split(/\r?\n/)
		.filter((line) => line.trim() !== "")
		.map((line) => line.split(",").map((cell) => cell.trim().replace(/^"|"$/g, "")));
	const missing = Object.keys(COLUMNS).filter((column) => !head.includes(column));
	if (missing.length > 0) throw new Error(`${name} has no column ${missing.join(", ")}.`);
	const entries = rows.map((row) =>
		pick(
			Object.fromEntries(
				Object.entries(COLUMNS).map(([column, field]) => [field, row[head.indexOf(column)]]),
			),
		),
	);
	return { device: name, entries };
}

function pick(row: Readonly<Record<string, unknown>>): LatencyEntry {
	const fields = Object.values(COLUMNS).map((field) => [
		field,
		field === "operation" ? String(row[field]) : Number(row[field]),
	]);
	return Object.fromEntries(fields) as LatencyEntry;
}

/** The table as requests carry it. */
export function latencyTableToWire({ device, entries }: LatencyTable): LatencyTableMessage {
	return { device, entries: entries.map(({ ms, ...site }) => ({ ...site, latencyMs: ms })) };
}
