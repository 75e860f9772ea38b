import { invalidArgument } from "@archgen/errors";
import { vectorConditionWidth } from "@archgen/score-diffusion";

/** A metric that architectures are asked for by class: 0 for all others, 1 for the target class. */
export interface ConditionMetric {
	/** Name, as in `--condition c10_val=top`. */
	readonly name: string;
	/** Names of class 0 and class 1. */
	readonly classes: readonly [string, string];
	/** The target class has values of at least this, or at most this. */
	readonly bound: { readonly least: number } | { readonly most: number };
}

/** Classes of a metric. */
const METRIC_CLASSES = 2;

/** A class that is asked for. */
export interface Condition {
	readonly metric: string;
	readonly class: string;
}

/** Class of a value. */
export function classOf({ bound }: ConditionMetric, value: number): 0 | 1 {
	const isTarget = "least" in bound ? value >= bound.least : value <= bound.most;
	return isTarget ? 1 : 0;
}

/** Everything that a network can be asked for. */
export interface ConditionForm {
	readonly metrics: readonly ConditionMetric[];
	/** Numbers in a vector that it can be asked for as well; absent for none. */
	readonly vector?: number | undefined;
}

/** Numbers in the network's condition: one-hot classes of all metrics, then the vector and a 1 that says that it is given. */
export function conditionWidth({ metrics, vector }: ConditionForm): number {
	return METRIC_CLASSES * metrics.length + vectorConditionWidth(vector);
}

/**
 * One-hot classes of all metrics, zeros for those that are not asked for.
 *
 * @param classes class of each metric, undefined where nothing is asked for
 */
export function conditionVector(classes: readonly (number | undefined)[]): Float32Array {
	const vector = new Float32Array(METRIC_CLASSES * classes.length);
	classes.forEach((label, m) => {
		if (label !== undefined) vector[METRIC_CLASSES * m + label] = 1;
	});
	return vector;
}

/**
 * The class of each metric that conditions ask for, undefined where none does.
 *
 * @param field place of the conditions in the request
 * @throws ArchgenError INVALID_ARGUMENT, reason UNKNOWN_CONDITION or UNKNOWN_CLASS, listing those there are; CONDITION_TWICE
 */
export function conditionClasses(
	metrics: readonly ConditionMetric[],
	conditions: readonly Condition[],
	field = "conditions",
): (number | undefined)[] {
	const found = new Map<string, number>();
	for (const { metric, class: label } of conditions) {
		const known = metrics.find(({ name }) => name === metric);
		if (known === undefined) throw unknownMetric(metrics, metric, field);
		if (found.has(metric))
			throw invalidArgument(field, `"${metric}" is given twice; keep one`, "CONDITION_TWICE");
		const at = known.classes.indexOf(label);
		if (at < 0) throw unknownClass(known, label, field);
		found.set(metric, at);
	}
	return metrics.map(({ name }) => found.get(name));
}

function unknownMetric(metrics: readonly ConditionMetric[], metric: string, field: string) {
	const known = metrics.map(({ name }) => name).join(", ") || "none";
	return invalidArgument(
		field,
		`there is no condition "${metric}"; those there are: ${known}`,
		"UNKNOWN_CONDITION",
	);
}

function unknownClass({ name, classes }: ConditionMetric, label: string, field: string) {
	return invalidArgument(
		field,
		`"${name}" has no class "${label}"; use ${classes.join(" or ")}`,
		"UNKNOWN_CLASS",
	);
}
