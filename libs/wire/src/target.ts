import { common } from "@archgen/rpc";
import { TASK_NAMES, type Target, type TaskName } from "@archgen/search-space";

const { Task } = common;

const TASK: Readonly<Record<TaskName, common.Task>> = {
	classification: Task.TASK_CLASSIFICATION,
	multilabel: Task.TASK_MULTILABEL,
	regression: Task.TASK_REGRESSION,
	dense: Task.TASK_DENSE,
	features: Task.TASK_FEATURES,
};

/** The fields of messages that say what a network is for. */
export interface TargetFields {
	readonly inputSize: number;
	readonly classCount: number;
	readonly inputWidth?: number | undefined;
	readonly inputChannels?: number | undefined;
	readonly task?: common.Task;
	readonly outputStride?: number | undefined;
}

/** The target of a message, unchecked: a task of a newer protocol keeps its number as a name, which no check takes. */
export function targetFromMessage(message: TargetFields): Target {
	const { inputSize, classCount, inputWidth, inputChannels, outputStride } = message;
	const task = taskFromMessage(message.task);
	return {
		size: inputSize,
		classes: classCount,
		...(inputWidth !== undefined && { width: inputWidth }),
		...(inputChannels !== undefined && { channels: inputChannels }),
		...(task !== undefined && { task }),
		...(outputStride !== undefined && { outputStride }),
	};
}

/** The fields of a target; those of a classifier of square pictures are two. */
export function targetToMessage({ size, classes, width, channels, task, outputStride }: Target) {
	return {
		inputSize: size,
		classCount: classes,
		inputWidth: width,
		inputChannels: channels,
		task: taskToMessage(task),
		outputStride,
	};
}

/** The task of a message; undefined where none is named. */
export function taskFromMessage(task: common.Task | undefined): TaskName | undefined {
	if (task === undefined || task === Task.TASK_UNSPECIFIED) return undefined;
	return TASK_NAMES.find((name) => TASK[name] === task) ?? (String(task) as TaskName);
}

/** The message of a task. */
export function taskToMessage(task: TaskName | undefined): common.Task {
	return task === undefined ? Task.TASK_UNSPECIFIED : TASK[task];
}
