import type { ConditionMetric, ConditionTarget } from "@archgen/discrete-diffusion";
import { invalidArgument } from "@archgen/errors";
import { naming } from "@archgen/files";
import type { ArchitectureSpace } from "@archgen/search-space";
import { readPropertyTable } from "./read-property-table.js";
import type { DenoiserLabels } from "./train-denoiser-folder.js";

/** Options of `train discrete` that name labels. */
export interface LabelOptions {
	/** Comma-separated file. */
	readonly table?: string;
	readonly condition: readonly ConditionTarget[];
	readonly rows?: number;
}

/**
 * The labels that options name; undefined without any.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming `--table` or `--condition`
 */
export async function denoiserLabels(
	space: ArchitectureSpace<unknown>,
	{ table, condition: targets, rows }: LabelOptions,
	amongWithin: boolean,
): Promise<DenoiserLabels<unknown> | undefined> {
	if (table === undefined && targets.length === 0) return undefined;
	if (table === undefined)
		throw invalidArgument("--table", "is missing; --condition learns from its columns");
	if (targets.length === 0)
		throw invalidArgument("--condition", "is missing; it names the column of --table to learn from");
	const columns = targets.map(({ column }) => column);
	const file = await naming("table", "--table", () => readPropertyTable(table, space, columns));
	return { file, targets, rows, amongWithin };
}

/** Classes of a metric, and the bound of its target class. */
export type LearntCondition = Pick<ConditionMetric, "classes"> & ConditionMetric["bound"];

/** Conditions that a denoiser has learnt, by metric. */
export function learntConditions(metrics: readonly ConditionMetric[]): Record<string, LearntCondition> {
	return Object.fromEntries(metrics.map(({ name, classes, bound }) => [name, { classes, ...bound }]));
}

/** The same for people. */
export function describeConditions(conditions: Readonly<Record<string, LearntCondition>>) {
	return Object.fromEntries(
		Object.entries(conditions).map(([name, { classes, ...bound }]) => {
			const limit = "least" in bound ? `at least ${bound.least}` : `at most ${bound.most}`;
			return [name, `${classes.join(" or ")} (${limit})`];
		}),
	);
}
