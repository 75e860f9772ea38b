import { naming } from "@archgen/files";
import { readPropertyTable } from "@archgen/pipeline";
import type { orchestrator } from "@archgen/rpc";
import { architectureText } from "@archgen/score-diffusion";
import { searchSpace } from "@archgen/search-space";

/** A table of known values as a person names it. */
export interface TableDescription {
	/** Path of comma-separated values: the column `arch` and one of each property. */
	readonly table: string;
	/** Name of the search space. */
	readonly space: string;
	/** Column that is maximised. */
	readonly target: string;
}

/** The column of a table as a message. @throws ArchgenError INVALID_ARGUMENT naming `--table` and the line that is wrong */
export async function scoreTable({
	table,
	space: name,
	target,
}: TableDescription): Promise<orchestrator.ScoreTable> {
	const space = searchSpace(name);
	const file = await naming("table", "--table", () => readPropertyTable(table, space, [target]));
	const { architectures, columns } = file.table;
	const values = columns[target]!;
	const rows = architectures.map((architecture, i) => {
		const text = architectureText(space, architecture);
		return { architecture: typeof text === "string" ? text : JSON.stringify(text), value: values[i]! };
	});
	return { space: name, column: target, rows, rowCount: 0 };
}
