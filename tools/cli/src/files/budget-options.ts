import type { Purpose } from "@archgen/client";
import {
	CONSTRAINT_NAMES,
	type Constraints,
	DEVICE_PRESETS,
	type DevicePreset,
	presetConstraints,
} from "@archgen/design";
import { TASK_NAMES } from "@archgen/search-space";
import type { Command } from "commander";
import { bytes, choice, count, integer } from "../cli/index.js";

/** The target and the budgets, as options. */
export interface BudgetOptions extends Constraints, Purpose {
	readonly preset?: DevicePreset;
}

const COUNTS = {
	"flop-count": "floating-point operations, e.g. 450M (the paper's FLOPs, about twice the MACs)",
	"mac-count": "multiply-accumulates, e.g. 225M",
	"parameter-count": "trainable parameters, e.g. 1.5M",
} as const;

const MEMORY = { "weight-bytes": "weights", "peak-activation-bytes": "feature maps kept at once" } as const;

/** Adds what describes other images and tasks than classifiers of square pictures. */
export function addPurposeOptions(command: Command): Command {
	return command
		.option("--input-width <pixels>", "width of the input image; equal to --input unless given", integer())
		.option("--input-channels <n>", "channels of the input image, 1 to 64; 3 unless given", integer())
		.option("--task <name>", `${TASK_NAMES.join(", ")}; classification unless given`, choice(TASK_NAMES))
		.option("--output-stride <n>", "with --task dense: input pixels for each output along a side", integer());
}

/** Adds `--input`, `--classes` the bounds and the classes of devices; sizes such as 450M or 1.5G are understood. */
export function addBudgetOptions(command: Command): Command {
	command
		.option("--input <pixels>", "height and width of the input image, 16 to 512", integer(), 224)
		.option("--classes <n>", "number of classes, 2 to 100000", integer(), 1000);
	for (const [name, meaning] of Object.entries(COUNTS)) {
		command.option(`--max-${name} <count>`, `at most this many ${meaning}`, count);
		command.option(`--min-${name} <count>`, `at least this many ${meaning}`, count);
	}
	command.option(
		"--max-depth <layers>",
		"at most this many convolutions and linear layers on the longest path; unless given, 10 for each halving of the image (30 at 32 pixels, 50 at 224) with the default objective or T-CET in train mode, if memory has no bound",
		count,
	);
	for (const [name, meaning] of Object.entries(MEMORY))
		for (const precision of ["int8", "float32"])
			command.option(
				`--max-${name}-${precision} <bytes>`,
				`at most this many bytes of ${meaning} in ${precision}, e.g. 256k or 768KiB`,
				bytes,
			);
	return command.option(
		"--preset <class>",
		`int8 memory bounds of a class of microcontrollers, unless given by themselves: ${DEVICE_PRESETS.join(", ")}`,
		choice(DEVICE_PRESETS),
	);
}

/** The bounds that were given, those of a class of devices where they were not. */
export function constraintsOf(options: BudgetOptions): Constraints {
	const given = CONSTRAINT_NAMES.filter((name) => options[name] !== undefined);
	return {
		...(options.preset && presetConstraints(options.preset)),
		...Object.fromEntries(given.map((name) => [name, options[name]])),
	};
}
