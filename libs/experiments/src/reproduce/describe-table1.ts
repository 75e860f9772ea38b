import { plusMinus, short, table } from "@archgen/text";
import type { MethodRow } from "./rows.js";
import type { Summary, Table1, TargetTable } from "./table1.js";

const HEAD = [
	"sampling",
	"noise",
	"success",
	"distinct",
	"NASWOT",
	"SNIP-SSNR",
	"parameters",
	"flopCount",
	"ZC distance",
	"by seed",
];

/** Table 1 for people: a table for each target, and a line for each kind of target when there are several. */
export function describeTable1({ tables, summaries }: Table1): string {
	const lines = summaries.filter(({ targets }) => targets > 1).map(summaryLine);
	return [...tables.map(targetLines), ...lines].join("\n\n");
}

function targetLines({ target, rows }: TargetTable): string {
	const { naswot, snipSsnr, parameterCount, flopCount } = target.z;
	const counts = [short(Math.round(parameterCount)), short(Math.round(flopCount))];
	return table(HEAD, [
		[target.name, "", "", "", exact(naswot), exact(snipSsnr), ...counts, "0", ""],
		...rows.map(methodCells),
	]);
}

function methodCells(row: MethodRow): (string | number)[] {
	return [
		row.method,
		row.noise ?? "",
		`${row.successes}/${row.samples}`,
		row.distinct,
		plusMinus(row.naswot, exact),
		plusMinus(row.snipSsnr, exact),
		plusMinus(row.parameterCount, short),
		plusMinus(row.flopCount, short),
		plusMinus(row.zcDistance, hundredths),
		row.seeds.map((seed) => hundredths(seed.zcDistance.mean)).join(" "),
	];
}

function summaryLine({ kind, targets, ccnfNearer, ccnfComplete, zcDistance, uniqueness }: Summary): string {
	const each = (values: Summary["zcDistance"]) =>
		`random ${hundredths(values.random)}, neighbourhood ${hundredths(values.neighbourhood)}, ccnf ${hundredths(values.ccnf)}`;
	return `${targets} ${kind}s: ccnf nearer than neighbourhood at ${ccnfNearer}, complete at ${ccnfComplete}; mean ZC distance ${each(zcDistance)}; uniqueness ${each(uniqueness)}`;
}

function exact(value: number): string {
	return value.toFixed(1);
}

function hundredths(value: number): string {
	return value.toFixed(2);
}
