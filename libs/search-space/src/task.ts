import type { IntegerRange } from "./limits.js";

/** Kind of head: pooled features and a linear layer, a 1×1 convolution of every place, or none. */
export type HeadKind = "pooled" | "dense" | "none";

/** All that is known of one task. */
export interface TaskSpec {
	/** For people: titles and help. */
	readonly title: string;
	readonly head: HeadKind;
	/** Numbers that the network gives, for an image or for each place of the output map. */
	readonly outputs: IntegerRange;
	/** Noun of one output in the plural. */
	readonly noun: string;
	/** Name of the output in exported graphs. */
	readonly output: string;
}

/** Every task by its name. */
export const TASKS = {
	classification: {
		title: "one class for an image",
		head: "pooled",
		outputs: { minimum: 2, maximum: 100_000 },
		noun: "classes",
		output: "logits",
	},
	multilabel: {
		title: "any number of labels for an image",
		head: "pooled",
		outputs: { minimum: 1, maximum: 100_000 },
		noun: "labels",
		output: "logits",
	},
	regression: {
		title: "numbers for an image",
		head: "pooled",
		outputs: { minimum: 1, maximum: 100_000 },
		noun: "values",
		output: "values",
	},
	dense: {
		title: "a class (or with one output a number) for every place of a map",
		head: "dense",
		outputs: { minimum: 1, maximum: 4096 },
		noun: "channels",
		output: "maps",
	},
	features: {
		title: "the last feature map, without a head of its own",
		head: "none",
		outputs: { minimum: 0, maximum: 0 },
		noun: "classes",
		output: "features",
	},
} as const satisfies Readonly<Record<string, TaskSpec>>;

/** Name of a task. */
export type TaskName = keyof typeof TASKS;

/** Names of all tasks. */
export const TASK_NAMES = Object.keys(TASKS) as readonly TaskName[];

/** Task of networks and targets that name none. */
export const DEFAULT_TASK = "classification" satisfies TaskName;

/** Whether a text names a task. */
export function isTaskName(name: unknown): name is TaskName {
	return typeof name === "string" && Object.hasOwn(TASKS, name);
}

/** What a network that is trained for a task is compared with. */
export type LossKind = "cross_entropy" | "binary_cross_entropy" | "squared_error";

/** Loss of a task with so many outputs; a feature map is scored by the cross-entropy of its channels, averaged over places. */
export function lossOf(task: TaskName, outputs: number): LossKind {
	if (task === "multilabel") return "binary_cross_entropy";
	return task === "regression" || (task === "dense" && outputs === 1) ? "squared_error" : "cross_entropy";
}
