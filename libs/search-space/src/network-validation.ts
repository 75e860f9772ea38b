import type { FieldViolation } from "@archgen/errors";
import { createCell } from "./cell.js";
import { integerProblem, violationsError, withFieldPrefix } from "./fields.js";
import { type IntegerRange, NETWORK_LIMITS } from "./limits.js";
import type { Network } from "./network.js";
import { DEFAULT_TASK, isTaskName, TASK_NAMES, TASKS } from "./task.js";

/**
 * Checks a network against the bounds of the space (see `NETWORK_LIMITS`) and returns it.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_NETWORK, naming every offending field; or the error of a cell
 *   that is not one, with the field of that cell
 */
export function validateNetwork(network: Network): Network {
	const violations = networkViolations(network);
	if (violations.length > 0) throw violationsError(violations, "INVALID_NETWORK");
	network.stages.forEach(({ cell }, i) => {
		withFieldPrefix(`stages[${i}].cell`, () => createCell(cell.operations, cell.edges));
	});
	return network;
}

/** Every field outside its bounds. */
export function networkViolations(network: Network): FieldViolation[] {
	const fields: [string, unknown, IntegerRange][] = [
		["input.size", network.input.size, NETWORK_LIMITS.size],
		["input.channels", network.input.channels, NETWORK_LIMITS.inputChannels],
		["classes", network.classes, (TASKS[network.task ?? DEFAULT_TASK] ?? TASKS[DEFAULT_TASK]).outputs],
		["stem.channels", network.stem.channels, NETWORK_LIMITS.channels],
		["stem.stride", network.stem.stride, NETWORK_LIMITS.stride],
		...network.stages.flatMap(({ channels, stride, repeats }, i): [string, unknown, IntegerRange][] => [
			[`stages[${i}].channels`, channels, NETWORK_LIMITS.channels],
			[`stages[${i}].stride`, stride, NETWORK_LIMITS.stride],
			[`stages[${i}].repeats`, repeats, NETWORK_LIMITS.repeats],
		]),
	];
	if (network.input.width !== undefined)
		fields.push(["input.width", network.input.width, NETWORK_LIMITS.size]);
	if (network.finalChannels !== null)
		fields.push(["finalChannels", network.finalChannels, NETWORK_LIMITS.channels]);
	const violations = fields.flatMap(([field, value, range]) => {
		const description = integerProblem(value, range);
		return description === undefined ? [] : [{ field, description }];
	});
	violations.push(...taskViolations("task", network.task));
	return violations.length > 0 ? violations : cellCountViolations(network);
}

/** What is wrong with the name of a task; undefined is none and fine. */
export function taskViolations(field: string, task: unknown): FieldViolation[] {
	if (task === undefined || isTaskName(task)) return [];
	return [{ field, description: `must be one of ${TASK_NAMES.join(", ")}, got ${JSON.stringify(task)}` }];
}

function cellCountViolations({ stages }: Network): FieldViolation[] {
	const count = stages.reduce((sum, { repeats }) => sum + repeats, 0);
	const { minimum, maximum } = NETWORK_LIMITS.cells;
	if (count >= minimum && count <= maximum) return [];
	const description = `the repeats of all stages must add up to ${minimum} … ${maximum} cells, got ${count}`;
	return [{ field: "stages", description }];
}
