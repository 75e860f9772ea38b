import { plusMinus, table } from "@archgen/text";
import { PUBLISHED_TABLE3 } from "./benchmark.js";
import type { Table3Row } from "./reproduce-table3.js";
import { PUBLISHED_TABLE4, type Table4Row } from "./table4.js";

/** A row for each method, then the published figures. */
export function describeTable4(rows: readonly Table4Row[]): string {
	const shown = rows.map(({ method, validity, uniqueness, novelty, millisecondsPerSample }) => [
		method,
		...[validity, uniqueness, novelty].map((spread) => plusMinus(spread)),
		millisecondsPerSample?.toFixed(1) ?? "",
	]);
	const { validity, uniqueness, novelty } = PUBLISHED_TABLE4;
	shown.push(["published", validity.toFixed(2), uniqueness.join(" – "), novelty.toFixed(2), ""]);
	return table(["method", "validity %", "uniqueness %", "novelty %", "ms a sample"], shown);
}

/** A row for each data set and method, with the published figures beside it. */
export function describeTable3(rows: readonly Table3Row[]): string {
	const shown = rows.map(({ dataSet, method, labels, strength, ...row }) => [
		...[dataSet, method, labels, strength || ""],
		...[row.max, row.mean, row.min, row.bestByValidation, 100 * row.validity].map((value) =>
			value.toFixed(2),
		),
		PUBLISHED_TABLE3[dataSet]?.[method]?.join(" / ") ?? "",
	]);
	const head = [
		"data set",
		"method",
		"labels",
		"strength",
		"max",
		"mean",
		"min",
		"best by val",
		"valid %",
		"published",
	];
	return table(head, shown);
}
