import { open } from "node:fs/promises";
import { parseRecord } from "@archgen/evolution";
import { goOn, type orchestrator } from "@archgen/rpc";
import { short, table } from "@archgen/text";
import type { JobClient } from "./job-client.js";

/** Writes the whole history of a job as JSON lines; a stream that breaks is gone on with. */
export async function exportHistory(
	jobs: JobClient,
	name: string,
	file: string,
	signal: AbortSignal,
): Promise<{ file: string; evaluations: number }> {
	const out = await open(file, "w");
	let evaluations = 0;
	try {
		const open = (position: string) => jobs.exportHistory({ name, startLine: Number(position) }, { signal });
		const positionOf = ({ nextLine }: orchestrator.ExportHistoryResponse) => String(nextLine);
		for await (const { lines } of goOn(open, { positionOf, signal })) {
			await out.write(lines);
			evaluations += lines.split("\n").length - 1;
		}
	} finally {
		await out.close();
	}
	return { file, evaluations };
}

/** A page of a history as a table. */
export function describeEvaluations({
	evaluations,
	nextPageToken,
}: orchestrator.ListEvaluationsResponse): string {
	if (evaluations.length === 0) return "There are no evaluations yet.";
	const rows = evaluations.map(({ index, score, counts, json, architecture }) => {
		const size = [counts!.parameterCount, counts!.flopCount].map((count) => short(Number(count)));
		const origin = architecture === "" ? originOf(json) : [architecture];
		return [index, score.toPrecision(6), ...size, ...origin];
	});
	const origin = evaluations[0]!.architecture === "" ? ["phase", "parent", "changed"] : ["architecture"];
	const text = table(["index", "score", "parameters", "flopCount", ...origin], rows);
	return nextPageToken === "" ? text : `${text}\nMore with --page-token ${nextPageToken}`;
}

/** What a network was bred from. */
function originOf(line: string): (string | number)[] {
	const { phase, parent, mutations } = parseRecord(line);
	return [phase, parent ?? "", mutations.map(({ kind }) => kind).join("+")];
}
