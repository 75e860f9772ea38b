import type { LatencyTable } from "@archgen/latency/model";
import type { LatencyTableMessage } from "./api/types.js";

/**
 * Reads a latency table as `archgen profile-latency` writes it, CSV or JSON. The parser is fetched with the first file.
 *
 * @param name of the file, in front of error messages, and of a device that the file does not name
 * @throws ArchgenError INVALID_ARGUMENT `LATENCY_TABLE_INVALID`, with what is wrong
 */
export async function readLatencyTable(text: string, name: string): Promise<LatencyTable> {
	const { parseLatencyTable } = await import("./latency-table-parser.js");
	const table = parseLatencyTable(text, name);
	return { ...table, device: table.device || name };
}

/** The table as requests carry it. */
export function latencyTableToWire({ device, entries }: LatencyTable): LatencyTableMessage {
	return { device, entries: entries.map(({ ms, ...site }) => ({ ...site, latencyMs: ms })) };
}
