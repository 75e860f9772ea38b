import { type Counts, countLayers, sumCounts } from "./counting.js";
import { lowerCell } from "./lower-cell.js";
import { stemStride } from "./macro-network.js";
import type { Stage } from "./network.js";

/** What a stage reads. */
export interface StageInput {
	readonly channels: number;
	/** Side in pixels. */
	readonly size: number;
}

/** Exact counts of all repeats of a stage at its place in a network. */
export function countStage({ cell, channels, stride, repeats }: Stage, input: StageInput): Counts {
	const first = countLayers(
		lowerCell(cell, { inChannels: input.channels, channels, stride, size: input.size }),
	);
	if (repeats === 1) return first;
	const { size } = afterStage({ channels, stride }, input);
	const again = countLayers(lowerCell(cell, { inChannels: channels, channels, stride: 1, size }));
	return sumCounts([first, ...Array.from({ length: repeats - 1 }, () => again)]);
}

/** What the first stage of a `macroNetwork` reads: the stem has its channels. */
export function afterStem(channels: number, inputSize: number): StageInput {
	return { channels, size: Math.ceil(inputSize / stemStride(inputSize)) };
}

/** What the section behind a stage reads; "same" padding makes the side ⌈size / stride⌉. */
export function afterStage(
	{ channels, stride }: Pick<Stage, "channels" | "stride">,
	input: StageInput,
): StageInput {
	return { channels, size: Math.ceil(input.size / stride) };
}
