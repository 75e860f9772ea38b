import type { FieldViolation } from "@archgen/errors";
import { furtherViolations, isTaskName, NETWORK_LIMITS, TASKS, type Target } from "@archgen/search-space";

/** What is wrong with a target; empty when nothing is. `prefix` is put before the field names. */
export function targetViolations(target: Target, prefix = "target"): FieldViolation[] {
	const { size, classes, task } = target;
	const range = NETWORK_LIMITS.size;
	const outputs = isTaskName(task) ? TASKS[task].outputs : NETWORK_LIMITS.classes;
	const further = furtherViolations(target).map(({ field, description }) => ({
		field: `${prefix}.${field}`,
		description,
	}));
	return [
		...integerViolation(`${prefix}.size`, size, range.minimum, range.maximum),
		...integerViolation(`${prefix}.classes`, classes, outputs.minimum, outputs.maximum),
		...further,
	];
}

/** A violation unless the value is undefined or an integer in low … high. */
export function integerViolation(
	field: string,
	value: number | undefined,
	low: number,
	high: number,
): FieldViolation[] {
	if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return [];
	return [{ field, description: `must be an integer in ${low}..${high}, not ${value}` }];
}
