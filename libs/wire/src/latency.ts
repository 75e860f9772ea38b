import { type LatencyTable, parseLatencyTable } from "@archgen/latency";
import type { common } from "@archgen/rpc";
import { inMessageTerms } from "./fields.js";

/**
 * The latency table of a message; none of an absent one.
 *
 * @throws INVALID_ARGUMENT, reason LATENCY_TABLE_INVALID, naming entries of `field`
 */
export function latencyTableFromMessage(
	message: common.LatencyTable | undefined,
	field = "latency_table",
): LatencyTable | undefined {
	if (message === undefined) return undefined;
	const entries = message.entries.map(({ latencyMs, ...entry }) => ({ ...entry, ms: latencyMs }));
	return inMessageTerms(field, () =>
		parseLatencyTable(JSON.stringify({ device: message.device, entries }), "latency table"),
	);
}

/** The message of a latency table. */
export function latencyTableToMessage({ device, entries }: LatencyTable): common.LatencyTable {
	return { device, entries: entries.map(({ ms, ...entry }) => ({ ...entry, latencyMs: ms })) };
}
