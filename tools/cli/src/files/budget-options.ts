import type { Constraints } from "@archgen/design";
import type { Command } from "commander";
import { count, integer } from "../cli/index.js";

/** The target and the budgets, as options. */
export interface BudgetOptions extends Constraints {
	/** Side of the input image. */
	readonly input: number;
	readonly classes: number;
}

const COUNTS = {
	"flop-count": "floating-point operations (the paper's FLOPs, about twice the multiply-accumulates)",
	"mac-count": "multiply-accumulates",
	"parameter-count": "trainable parameters",
} as const;

/** Adds `--input`, `--classes` and the six bounds; sizes such as 450M or 1.5G are understood. */
export function addBudgetOptions(command: Command): Command {
	command
		.option("--input <pixels>", "height and width of the input image, 16 to 512", integer(), 224)
		.option("--classes <n>", "number of classes, 2 to 100000", integer(), 1000);
	for (const [name, meaning] of Object.entries(COUNTS)) {
		command.option(`--max-${name} <count>`, `at most this many ${meaning}`, count);
		command.option(`--min-${name} <count>`, `at least this many ${meaning}`, count);
	}
	return command;
}

/** The bounds that were given. */
export function constraintsOf(options: BudgetOptions): Constraints {
	const { maxFlopCount, minFlopCount, maxMacCount, minMacCount, maxParameterCount, minParameterCount } =
		options;
	const bounds = {
		maxFlopCount,
		minFlopCount,
		maxMacCount,
		minMacCount,
		maxParameterCount,
		minParameterCount,
	};
	return Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined));
}
