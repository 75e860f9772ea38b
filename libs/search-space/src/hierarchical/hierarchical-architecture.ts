import type { Random } from "@archgen/random";
import { NETWORK_LIMITS } from "../limits.js";
import { mutateCell } from "../mutate-cell.js";
import type { Stage } from "../network.js";
import { randomCell } from "../random-cell.js";

/** Stages of cells and the width of the head; the target adds stem, image and classes. */
export interface HierarchicalArchitecture {
	readonly stages: readonly Stage[];
	readonly finalChannels: number;
}

/** Factors of a width in a mutation; the result is rounded down to a multiple of 8. */
export const WIDTH_FACTORS = [2.5, 2, 1.5, 1.25, 1, 0.8, 0.667, 0.5, 0.4] as const;
/** Changes of a stage's repeats in a mutation. */
export const REPEAT_CHANGES = [-2, -1, 0, 1, 2] as const;

/** Most stages and widest channels of a random architecture. */
const RANDOM_STAGES = 6;
const RANDOM_CHANNELS = 256;

/** One to six stages of random cells, widths from 8 to 256 uniform on a logarithmic scale, everything else uniform, at most 20 cells. */
export function randomHierarchical(random: Random): HierarchicalArchitecture {
	let room: number = NETWORK_LIMITS.cells.maximum;
	const count = 1 + random.integer(RANDOM_STAGES);
	const stages = Array.from({ length: count }, (_, i): Stage => {
		// each later stage needs one cell at least
		const most = Math.min(NETWORK_LIMITS.repeats.maximum, room - (count - 1 - i));
		const repeats = 1 + random.integer(most);
		room -= repeats;
		return { cell: randomCell(random), channels: randomWidth(random), stride: random.pick([1, 2]), repeats };
	});
	return { stages, finalChannels: randomWidth(random) };
}

function randomWidth(random: Random): number {
	const { minimum, multipleOf } = NETWORK_LIMITS.channels;
	const width = minimum * (RANDOM_CHANNELS / minimum) ** random.uniform();
	return Math.floor(width / multipleOf) * multipleOf;
}

type Edit = (architecture: HierarchicalArchitecture, random: Random) => HierarchicalArchitecture;

const inStage =
	(change: (stage: Stage, random: Random) => Stage): Edit =>
	(architecture, random) => {
		const at = random.integer(architecture.stages.length);
		const changed = change(architecture.stages[at]!, random);
		return { ...architecture, stages: architecture.stages.with(at, changed) };
	};

const EDITS: readonly Edit[] = [
	inStage((stage, random) => ({ ...stage, cell: mutateCell(stage.cell, random) })),
	inStage((stage, random) => ({ ...stage, channels: scaledWidth(stage.channels, random) })),
	inStage((stage) => ({ ...stage, stride: stage.stride === 1 ? 2 : 1 })),
	inStage((stage, random) => ({ ...stage, repeats: stage.repeats + random.pick(REPEAT_CHANGES) })),
	(architecture, random) => ({
		...architecture,
		finalChannels: scaledWidth(architecture.finalChannels, random),
	}),
	// a stage less
	({ stages, finalChannels }, random) => ({
		stages: stages.toSpliced(random.integer(stages.length), 1),
		finalChannels,
	}),
	// a stage twice, the second time without stride
	({ stages, finalChannels }, random) => {
		const at = random.integer(stages.length);
		return { stages: stages.toSpliced(at + 1, 0, { ...stages[at]!, stride: 1 }), finalChannels };
	},
];

/**
 * Another architecture, one edit away: of one stage the cell, width, stride or repeats, a stage less or more, or the width of the head. Edits that
 * change nothing or leave the space are drawn again.
 *
 * @param isValid whether an architecture lies in the space
 */
export function mutateHierarchical(
	architecture: HierarchicalArchitecture,
	random: Random,
	isValid: (edited: HierarchicalArchitecture) => boolean,
): HierarchicalArchitecture {
	const before = JSON.stringify(architecture);
	for (;;) {
		const edited = random.pick(EDITS)(architecture, random);
		if (isValid(edited) && JSON.stringify(edited) !== before) return edited;
	}
}

/** A width times one of the factors, rounded down to a multiple of 8, inside the limits. */
function scaledWidth(width: number, random: Random): number {
	const { minimum, maximum, multipleOf } = NETWORK_LIMITS.channels;
	const scaled = Math.floor((width * random.pick(WIDTH_FACTORS)) / multipleOf) * multipleOf;
	return Math.min(maximum, Math.max(minimum, scaled));
}
