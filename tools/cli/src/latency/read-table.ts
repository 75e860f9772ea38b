import { readFile } from "node:fs/promises";
import { invalidArgument } from "@archgen/errors";
import { parseLatencyTable } from "@archgen/latency";
import type { common } from "@archgen/rpc";
import { latencyTableToMessage } from "@archgen/wire";

/** The table in a file, as a message; none without a file. */
export async function readLatencyTable(file: string | undefined): Promise<common.LatencyTable | undefined> {
	if (file === undefined) return undefined;
	const text = await readFile(file, "utf8").catch(() => {
		throw invalidArgument("--latency-table", `${file} cannot be read.`);
	});
	return latencyTableToMessage(parseLatencyTable(text, file));
}
