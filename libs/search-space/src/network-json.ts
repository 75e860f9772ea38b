import { type CellJson, cellFromJson, cellToJson } from "./cell-json.js";
import { readArray, readObject } from "./fields.js";
import type { Network, Stage } from "./network.js";
import { validateNetwork } from "./network-validation.js";
import { DEFAULT_TASK } from "./task.js";

/** JSON form of a network; `docs/schemas/network.schema.json`. */
export interface NetworkJson extends Omit<Network, "stages"> {
	readonly stages: readonly (Omit<Stage, "cell"> & { readonly cell: CellJson })[];
}

/** The JSON form of a network. */
export function networkToJson(network: Network): NetworkJson {
	const { input, classes, task, stem, stages, finalChannels } = network;
	return {
		input: {
			size: input.size,
			...(input.width !== undefined && { width: input.width }),
			channels: input.channels,
		},
		classes,
		...(task && { task }),
		stem: { channels: stem.channels, stride: stem.stride },
		stages: stagesToJson(stages),
		finalChannels,
	};
}

/**
 * Reads and validates the JSON form of a network.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming the offending field, e.g. `stages[1].cell.operations[0].type`; reasons
 *   as for `cellFromJson`, or INVALID_NETWORK for numbers out of bounds
 */
export function networkFromJson(value: unknown): Network {
	const document = readObject(
		withoutProvenance(value),
		"",
		["input", "classes", "stem", "stages", "finalChannels"],
		["task"],
	);
	const input = readObject(document.input, "input", ["size", "channels"], ["width"]);
	const { width, ...square } = input;
	const { task } = document;
	// The numbers are only checked to be numbers by `validateNetwork`, which names each that is not.
	return validateNetwork({
		input: width === undefined || width === input.size ? square : { ...square, width },
		classes: document.classes,
		...(task !== undefined && task !== DEFAULT_TASK && { task }),
		stem: readObject(document.stem, "stem", ["channels", "stride"]),
		stages: readStages(document.stages),
		finalChannels: document.finalChannels,
	} as Network);
}

/** Files say beside a network where it comes from; that is no part of it. */
function withoutProvenance(value: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	const { provenance: _, ...network } = value as Readonly<Record<string, unknown>>;
	return network;
}

/** The JSON form of stages. */
export function stagesToJson(stages: readonly Stage[]): NetworkJson["stages"] {
	return stages.map(({ cell, channels, stride, repeats }) => ({
		cell: cellToJson(cell),
		channels,
		stride,
		repeats,
	}));
}

/** Stages with checked cells; their numbers are still to be checked, see `networkViolations`. */
export function readStages(value: unknown): Stage[] {
	return readArray(value, "stages").map((stage, i) => {
		const fields = readObject(stage, `stages[${i}]`, ["cell", "channels", "stride", "repeats"]);
		return { ...fields, cell: cellFromJson(fields.cell, `stages[${i}].cell`) } as Stage;
	});
}
