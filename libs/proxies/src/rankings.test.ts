import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isObjectiveName } from "./objectives.js";
import { isProxyName } from "./proxy-table.js";
import { RANKED_NAMES, type Ranking, rankingsOf } from "./rankings.js";

const TEXT = readFileSync(new URL("../../../docs/ranking.md", import.meta.url), "utf8");

/** Cells of the first table behind a heading, by the name in the first column. */
function table(heading: string): Map<string, string[]> {
	const lines = TEXT.slice(TEXT.indexOf(heading)).split("\n");
	const start = lines.findIndex((line) => line.startsWith("|---"));
	const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"));
	const rows = lines.slice(start + 1, end).map((line) => line.split("|").map((cell) => cell.trim()));
	return new Map(rows.map(([, name, ...cells]) => [name!.replaceAll("`", ""), cells.slice(0, 3)]));
}

/** As the page writes numbers: −.15, .73 */
const written = (value: number) =>
	value
		.toFixed(2)
		.replace("-", "−")
		.replace(/^(−?)0/, "$1");
const correlationOf = ({ value, low, high }: NonNullable<Ranking["partial"]>) =>
	`${written(value)} [${written(low)}, ${written(high)}]`;

it.each([
	["Partial Spearman, MACs", ({ partial }: Ranking) => partial && correlationOf(partial)],
	["Spearman over all networks", ({ spearman }: Ranking) => spearman && correlationOf(spearman)],
	[
		"Share of the way",
		({ selection }: Ranking) => selection && `${written(selection.share)} (${selection.accuracy.toFixed(2)})`,
	],
])("are those of docs/ranking.md: %s", (heading, read) => {
	const rows = table(heading);
	expect(rows.size).toBeGreaterThan(15);
	const served = RANKED_NAMES.map((name) => [name, rankingsOf(name).map(read)] as const);
	expect(new Map(served.filter(([, cells]) => cells.every((cell) => cell !== undefined)))).toEqual(rows);
});

it("are of proxies and objectives that exist", () => {
	for (const name of RANKED_NAMES) expect(isProxyName(name) || isObjectiveName(name), name).toBe(true);
	expect(rankingsOf("none")).toEqual([]);
});
