import { DEFAULT_TASK, TASK_NAMES, taskTitle } from "@archgen/search-space";
import type { Constraints, Network } from "../api/types.js";
import { bytes, short } from "../format.js";
import type { Answer } from "../state.js";
import { optionName } from "./ask-bounds.js";

/** The request of an answer in one line. */
export function titleOf({ spec, time }: Answer): string {
	const when = new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
	const bounds = boundTexts(spec.constraints).map((bound) => `, ${bound}`);
	return `${targetTitle(spec)}${bounds.join("")}, seed ${spec.seed} · ${when}`;
}

type TargetFields = {
	readonly [K in "inputSize" | "classCount" | "inputWidth" | "inputChannels"]?: number | string;
} & Pick<Network, "task">;

/** Images and outputs of a spec or a network in words. */
export function targetTitle({
	inputSize,
	inputWidth,
	inputChannels = 3,
	classCount,
	task,
}: TargetFields): string {
	const size = Number(inputSize);
	return taskTitle({
		input: { size, width: Number(inputWidth ?? size), channels: Number(inputChannels) },
		classes: Number(classCount ?? 0),
		task: TASK_NAMES.filter((name) => name !== DEFAULT_TASK).find(
			(name) => task === `TASK_${name.toUpperCase()}`,
		),
	});
}

const QUANTITIES: Readonly<Record<string, string>> = {
	"flop-count": "flopCount",
	"mac-count": "MACs",
	"parameter-count": "parameters",
};

/** Bounds in words, e.g. `MACs ≤ 60M`. */
export function boundTexts(constraints: Constraints = {}): string[] {
	return Object.entries(constraints).map(([field, limit]) => boundText(optionName(field), Number(limit)));
}

/** A bound in words. @param option name of the option that sets it, e.g. `max-mac-count` */
export function boundText(option: string, limit: number): string {
	const [side, ...words] = option.split("-");
	return `${quantityText(words.join("-"))} ${side === "max" ? "≤" : "≥"} ${amount(option, limit)}`;
}

/** A quantity in words. @param name as options have it, e.g. `mac-count` */
export const quantityText = (name: string): string => QUANTITIES[name] ?? name.replaceAll("-", " ");

/** A count or an amount of memory in few characters. @param name of the quantity in any spelling */
export const amount = (name: string, value: number): string =>
	/bytes/i.test(name) ? bytes(value) : short(value);
