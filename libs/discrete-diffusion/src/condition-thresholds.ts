import { invalidArgument } from "@archgen/errors";
import type { ConditionMetric } from "./conditions.js";

/** A target class that is asked for when a model is trained. */
export type ConditionTarget =
	/** The largest values of a column: this share of the rows, from 0 to 1. */
	| { readonly kind: "top"; readonly column: string; readonly share: number }
	/** The values of a column up to a bound. */
	| { readonly kind: "within"; readonly column: string; readonly most: number };

/** Values of a column, by the column's name. */
export type Columns = Readonly<Record<string, readonly number[]>>;

/**
 * Metrics of targets, with the value that divides the labelled rows into classes.
 *
 * @param rows the labelled rows
 * @param amongWithin whether "top" is taken among the rows within every bound, as searches under a constraint do
 * @throws ArchgenError INVALID_ARGUMENT, reason EMPTY_CLASS for a bound that no row or every row meets, CONDITION_TWICE for a column given twice
 */
export function conditionMetrics(
	targets: readonly ConditionTarget[],
	columns: Columns,
	rows: readonly number[],
	amongWithin: boolean,
): ConditionMetric[] {
	requireDistinct(targets);
	const bounds = targets.flatMap((target) => (target.kind === "within" ? [target] : []));
	const inside = rows.filter((row) => bounds.every(({ column, most }) => columns[column]![row]! <= most));
	const compared = amongWithin ? inside : rows;
	if (compared.length === 0)
		throw emptyClass(bounds.map(({ column }) => column).join(", "), "no row is within its bound");
	return targets.map((target) => {
		const name = target.column;
		if (target.kind === "within") {
			requireBoth(target, columns[name]!, rows);
			return { name, classes: ["beyond", "within"], bound: { most: target.most } };
		}
		const least = topThreshold(
			compared.map((row) => columns[name]![row]!),
			target.share,
		);
		return { name, classes: ["rest", "top"], bound: { least } };
	});
}

/** The smallest of the largest values: at least one of them, and a share of all. */
function topThreshold(values: readonly number[], share: number): number {
	const count = Math.max(1, Math.round(share * values.length));
	return [...values].sort((a, b) => b - a)[count - 1]!;
}

function requireDistinct(targets: readonly ConditionTarget[]): void {
	const names = targets.map(({ column }) => column);
	const repeated = names.find((name, i) => names.indexOf(name) < i);
	if (repeated !== undefined)
		throw invalidArgument("conditions", `"${repeated}" is given twice; keep one`, "CONDITION_TWICE");
}

function requireBoth(
	{ column, most }: Extract<ConditionTarget, { kind: "within" }>,
	values: readonly number[],
	rows: readonly number[],
): void {
	const inside = rows.filter((row) => values[row]! <= most).length;
	if (inside === 0) throw emptyClass(column, `no labelled row is at most ${most}`);
	if (inside === rows.length)
		throw emptyClass(column, `every labelled row is at most ${most}, so that it divides nothing`);
}

function emptyClass(column: string, problem: string) {
	return invalidArgument("conditions", `${column}: ${problem}; give another bound`, "EMPTY_CLASS");
}
