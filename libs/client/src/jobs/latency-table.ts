import { readNamedText } from "@archgen/files";
import { parseLatencyTable } from "@archgen/latency";
import type { common } from "@archgen/rpc";
import { latencyTableToMessage } from "@archgen/wire";

/** The table in a file, as a message; none without a file. */
export async function readLatencyTable(file: string | undefined): Promise<common.LatencyTable | undefined> {
	if (file === undefined) return undefined;
	const text = await readNamedText("--latency-table", file);
	return latencyTableToMessage(parseLatencyTable(text, file));
}
