import { integerProblem, violationsError } from "./fields.js";
import { type IntegerRange, NETWORK_LIMITS } from "./limits.js";
import type { Target } from "./macro-network.js";

/** Bounds of a space. */
export interface SpaceLimits {
	/** Number of architectures that can be written down, isomorphic ones counted separately. */
	readonly architectures: bigint;
	/** Side of the image. */
	readonly size: IntegerRange;
	readonly classes: IntegerRange;
}

/** Images and classes that networks of every space may be built for. */
export const TARGET_LIMITS = { size: NETWORK_LIMITS.size, classes: NETWORK_LIMITS.classes } as const;

/**
 * The target itself when it lies inside the limits of a space.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_TARGET, naming each field outside
 */
export function checkTarget(limits: SpaceLimits, target: Target): Target {
	const violations = (["size", "classes"] as const).flatMap((field) => {
		const description = integerProblem(target[field], limits[field]);
		return description === undefined ? [] : [{ field: `target.${field}`, description }];
	});
	if (violations.length > 0) throw violationsError(violations, "INVALID_TARGET");
	return target;
}
