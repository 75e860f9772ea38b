import { networkOf, roundChannels } from "@archgen/design";
import type { EvolutionRecord } from "@archgen/evolution";
import type { Random } from "@archgen/random";
import { countNetwork, NETWORK_LIMITS, stemStride, type Target } from "@archgen/search-space";

/** Widths are scaled by ¼ to 2, images by ⅔ to 1½. */
const WIDTHS = [1 / 4, 2] as const;
const SIZES = [2 / 3, 3 / 2] as const;
const CLASSES = [2, 1000] as const;

function logUniform([low, high]: readonly [number, number], random: Random): number {
	return low * (high / low) ** random.uniform();
}

/**
 * The same macro structure for another question: all widths times one factor, another image size and another number of classes, with the exact
 * counts that it then has. A network that is good for its budget stays a good one when it is made wider or narrower as a whole, as families
 * of hand-made networks are; so a few searches teach budgets that lie between and beyond theirs.
 */
export function rescaled(record: EvolutionRecord, random: Random): EvolutionRecord {
	const { design } = record;
	const target = otherTarget(record.target, random);
	const factor = logUniform(WIDTHS, random);
	const stages = design.stages.map((stage) => ({
		...stage,
		channels: roundChannels(stage.channels * factor),
	}));
	const sequence = { stages, finalChannels: roundChannels(design.finalChannels * factor) };
	const cells = stages.map(({ cell }) => cell);
	return { ...record, target, design: sequence, counts: countNetwork(networkOf(sequence, cells, target)) };
}

/** A target of about the same image size, so that the strides still fit. */
function otherTarget({ size }: Target, random: Random): Target {
	const { minimum, maximum } = NETWORK_LIMITS.size;
	const wanted = Math.round(size * logUniform(SIZES, random));
	const possible = Math.min(maximum, Math.max(minimum, wanted));
	const classes = Math.round(logUniform(CLASSES, random));
	return { size: stemStride(possible) === stemStride(size) ? possible : size, classes };
}
