import { readObject } from "./fields.js";
import type { Target } from "./macro-network.js";
import { DEFAULT_TASK } from "./task.js";
import { taskTitle } from "./task-title.js";

const OPTIONAL = ["width", "channels", "task", "outputStride"] as const;

/** The JSON form of a target: a classifier of square pictures has `size` and `classes` alone. */
export function targetToJson(target: Target): Target {
	const given = OPTIONAL.filter((name) => target[name] !== undefined);
	return {
		size: target.size,
		classes: target.classes,
		...Object.fromEntries(given.map((name) => [name, target[name]])),
	};
}

/** Reads the JSON form; the values are still to be checked, see `checkTarget`. @throws ArchgenError naming a missing or unknown field */
export function targetFromJson(value: unknown, field: string): Target {
	return readObject(value, field, ["size", "classes"], OPTIONAL) as unknown as Target;
}

/** Whether two targets want the same networks. */
export function sameTarget(a: Target, b: Target): boolean {
	return targetKey(a) === targetKey(b);
}

/** Text that is equal for targets that want the same networks; defaults that are written out make no difference. */
export function targetKey({ size, classes, width = size, channels = 3, ...rest }: Target): string {
	const { task = DEFAULT_TASK, outputStride = 1 } = rest;
	return [size, width, channels, task, classes, task === "dense" ? outputStride : 0].join("/");
}

/** Whether a target wants what benchmarks and the sequence generator know: classifiers of square pictures in three colours. */
export function isSquareClassifier({ size, width = size, channels = 3, task }: Target): boolean {
	return width === size && channels === 3 && (task ?? DEFAULT_TASK) === DEFAULT_TASK;
}

/** A target in words, e.g. `32 pixels and 10 classes`. */
export function targetTitle(target: Target): string {
	const { size, width = size, channels = 3, classes, task } = target;
	if (isSquareClassifier(target)) return `${size} pixels and ${classes} classes`;
	return taskTitle({
		input: { size, width, channels },
		classes,
		task: task === DEFAULT_TASK ? undefined : task,
	});
}
