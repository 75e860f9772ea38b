import type { Network } from "./network.js";
import type { TaskName } from "./task.js";

/** Task and images of a network in words, e.g. `224×224 images, 1000 classes` or `85×85 images of 1 channel, dense prediction of 1 channel`. */
export function taskTitle({
	input,
	classes,
	task,
}: Pick<Network, "input" | "classes"> & { readonly task?: Network["task"] | undefined }): string {
	const images = `${input.size}×${input.width ?? input.size} images${input.channels === 3 ? "" : ` of ${counted(input.channels, "channels")}`}`;
	if (task === undefined) return `${images}, ${classes} classes`;
	return `${images}, ${TASK_WORDS[task](classes)}`;
}

const TASK_WORDS: Readonly<Record<TaskName, (outputs: number) => string>> = {
	classification: (outputs) => counted(outputs, "classes"),
	multilabel: (outputs) => counted(outputs, "labels"),
	regression: (outputs) => `regression of ${counted(outputs, "values")}`,
	dense: (outputs) => `dense prediction of ${counted(outputs, "channels")}`,
	features: () => "features",
};

function counted(count: number, plural: string): string {
	return `${count} ${count === 1 ? plural.slice(0, -1) : plural}`;
}
