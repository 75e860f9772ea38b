import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DATA = process.env.ARCHGEN_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));

/** Rows of a published table by column, or null where the data folder has no such table. Cells contain no commas. */
export function sharedTable(path: string): Record<string, string>[] | null {
	const file = `${DATA}/${path}`;
	if (!existsSync(file)) return null;
	const [head, ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
	const columns = head!.split(",");
	return lines.map((line) => {
		const cells = line.split(",");
		return Object.fromEntries(columns.map((column, i) => [column, cells[i]!]));
	});
}
