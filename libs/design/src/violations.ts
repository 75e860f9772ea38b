import type { FieldViolation } from "@archgen/errors";
import { NETWORK_LIMITS, type Target } from "@archgen/search-space";

/** What is wrong with a target; empty when nothing is. `prefix` is put before the field names. */
export function targetViolations({ size, classes }: Target, prefix = "target"): FieldViolation[] {
	const limits = NETWORK_LIMITS;
	return [
		...integerViolation(`${prefix}.size`, size, limits.size.minimum, limits.size.maximum),
		...integerViolation(`${prefix}.classes`, classes, limits.classes.minimum, limits.classes.maximum),
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
