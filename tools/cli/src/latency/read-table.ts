import { parseLatencyTable } from "@archgen/latency";
import type { common } from "@archgen/rpc";
import { latencyTableToMessage } from "@archgen/wire";
import { readTextFile } from "../files/read-json.js";

/** The table in a file, as a message; none without a file. */
export async function readLatencyTable(file: string | undefined): Promise<common.LatencyTable | undefined> {
	if (file === undefined) return undefined;
	const text = await readTextFile("--latency-table", file);
	return latencyTableToMessage(parseLatencyTable(text, file));
}
