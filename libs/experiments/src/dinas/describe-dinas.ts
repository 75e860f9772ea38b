import { plusMinus, table } from "@archgen/text";
import type { HardwareRow } from "./reproduce-hardware.js";
import { type DinasRow, PUBLISHED_DINAS } from "./reproduce-nb201.js";
import type { Spread } from "./searches.js";

const spread = (found: Spread) => (Number.isNaN(found.mean) ? "none" : plusMinus(found));
const number = (value: number) => (Number.isNaN(value) ? "" : value.toFixed(2));
const percent = (share: number | null) =>
	share === null || Number.isNaN(share) ? "" : (100 * share).toFixed(1);

/** A row for each data set and kind of search, with the published figures. */
export function describeDinas(rows: readonly DinasRow[]): string {
	const shown = rows.map((row) => [
		...[row.dataSet, row.method, row.labels || "", row.guidance ?? ""],
		...[spread(row.validation), spread(row.test), percent(row.optimumFound)],
		...[number(row.meanTest), percent(row.validity), percent(row.uniqueness)],
	]);
	const published = Object.entries(PUBLISHED_DINAS)
		.filter(([dataSet]) => rows.some((row) => row.dataSet === dataSet))
		.map(([dataSet, [validation, test]]) => [
			...[dataSet, "published", "all", 2, validation.toFixed(2), test.toFixed(2), "", "", "", ""],
		]);
	const head = [
		...["data set", "method", "labels", "W", "best by val: val", "test", "optimum found %"],
		...["mean test", "valid %", "unique %"],
	];
	return table(head, [...shown, ...published]);
}

/** A row for each device, bound, data set and kind of search. */
export function describeHardware(rows: readonly HardwareRow[]): string {
	const shown = rows.map((row) => [
		...[row.device, row.bound.toFixed(2), row.dataSet, row.method, row.guidance ?? ""],
		...[percent(row.inside), spread(row.validation), spread(row.test)],
		...[number(row.distance), percent(row.optimumFound), percent(row.validity)],
	]);
	const head = [
		...["device", "bound ms", "data set", "method", "W", "inside %", "best inside: val", "test"],
		...["points to optimum", "optimum found %", "valid %"],
	];
	return table(head, shown);
}
