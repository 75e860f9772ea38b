import type { FieldViolation } from "@archgen/errors";
import { integerProblem, violationsError } from "./fields.js";
import { type IntegerRange, NETWORK_LIMITS } from "./limits.js";
import type { Target } from "./macro-network.js";
import { taskViolations } from "./network-validation.js";
import { DEFAULT_TASK, TASKS } from "./task.js";

/** Bounds of a space. */
export interface SpaceLimits {
	/** Number of architectures that can be written down, isomorphic ones counted separately. */
	readonly architectures: bigint;
	/** Side of the image. */
	readonly size: IntegerRange;
	readonly classes: IntegerRange;
	/** Whether networks may be for any task and any images; classifiers of square pictures in three colours alone unless given. */
	readonly anyTarget?: boolean;
}

/** Images and classes that networks of every space may be built for. */
export const TARGET_LIMITS = { size: NETWORK_LIMITS.size, classes: NETWORK_LIMITS.classes } as const;

/**
 * The target itself when it lies inside the limits of a space.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_TARGET, naming each field outside
 */
export function checkTarget(limits: SpaceLimits, target: Target): Target {
	const { task } = target;
	const classes =
		limits.anyTarget && task !== undefined ? (TASKS[task]?.outputs ?? limits.classes) : limits.classes;
	const violations = [
		...rangeViolations(target, { size: limits.size, classes }),
		...(limits.anyTarget ? furtherViolations(target) : givenFields(target)),
	].map(({ field, description }) => ({ field: `target.${field}`, description }));
	if (violations.length > 0) throw violationsError(violations, "INVALID_TARGET");
	return target;
}

/** Output strides of dense prediction. */
export const OUTPUT_STRIDES = [1, 2, 4, 8, 16, 32] as const;

/** Everything wrong with a target beyond `size` and `classes`, without a prefix. */
export function furtherViolations(target: Target): FieldViolation[] {
	const { task = DEFAULT_TASK, outputStride } = target;
	const ranges = { width: NETWORK_LIMITS.size, channels: NETWORK_LIMITS.inputChannels };
	const strides =
		outputStride === undefined
			? []
			: task !== "dense"
				? [{ field: "outputStride", description: "goes with the task dense alone" }]
				: (OUTPUT_STRIDES as readonly number[]).includes(outputStride)
					? []
					: [
							{
								field: "outputStride",
								description: `must be one of ${OUTPUT_STRIDES.join(", ")}, not ${outputStride}`,
							},
						];
	return [...rangeViolations(target, ranges), ...taskViolations("task", target.task), ...strides];
}

function rangeViolations<K extends "size" | "classes" | "width" | "channels">(
	target: Target,
	ranges: { readonly [P in K]: IntegerRange },
): FieldViolation[] {
	return (Object.keys(ranges) as K[]).flatMap((field) => {
		const value = target[field];
		const isLeftOut = value === undefined && (field === "width" || field === "channels");
		const description = isLeftOut ? undefined : integerProblem(value, ranges[field]);
		return description === undefined ? [] : [{ field, description }];
	});
}

/** Every field of a target that a space without other images and tasks does not take. */
function givenFields(target: Target): FieldViolation[] {
	return (["width", "channels", "task", "outputStride"] as const).flatMap((field) =>
		target[field] === undefined
			? []
			: [
					{
						field,
						description: "is not supported by this space: it builds classifiers of square RGB images",
					},
				],
	);
}
