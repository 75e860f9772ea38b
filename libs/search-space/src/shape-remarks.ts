import { lowerNetwork } from "./lower-network.js";
import type { Network } from "./network.js";

/** Something about the widths or sizes of a network that hand-made ones do not have. */
export interface ShapeRemark {
	readonly reason: "FEW_FEATURES" | "LARGE_LAST_MAP" | "NARROW_STAGE";
	/** A sentence with the figures. */
	readonly message: string;
}

/** Fewest features for each class. Hand-made networks of mobile size have 0.37 and more (RegNetX-200MF: 368 for 1,000). */
const FEATURES_PER_CLASS = 0.25;
/** Largest side of the last feature map; hand-made networks end at 7 for 224 pixels and at 4 or 8 for 32. */
const LAST_MAP = 14;
/** Smallest width of a stage relative to the widest before it. */
const NARROWING = 0.5;

/**
 * Shapes to look at before training a network that a proxy chose: few features before the classes, a large last feature map, a stage much
 * narrower than one before. docs/ranking.md says which proxies prefer them. They are remarks, no errors: published winners of T-CET have the first two.
 */
export function shapeRemarks(network: Network): readonly ShapeRemark[] {
	return [...fewFeatures(network), ...largeLastMap(network), ...narrowStages(network)];
}

function fewFeatures({ stages, finalChannels, classes, task }: Network): ShapeRemark[] {
	if (task !== undefined) return [];
	const features = finalChannels ?? stages.at(-1)!.channels;
	if (features >= FEATURES_PER_CLASS * classes) return [];
	return [{ reason: "FEW_FEATURES", message: `${features} features before ${classes} classes` }];
}

function largeLastMap(network: Network): ShapeRemark[] {
	const { sections, values } = lowerNetwork(network);
	const { height, width } = values[sections.at(-1)!.input]!;
	if (Math.max(height, width) <= LAST_MAP || network.task === "dense") return [];
	return [{ reason: "LARGE_LAST_MAP", message: `last feature map of ${height}×${width}` }];
}

function narrowStages({ stages }: Network): ShapeRemark[] {
	return stages.flatMap(({ channels }, i) => {
		const widest = Math.max(0, ...stages.slice(0, i).map((before) => before.channels));
		if (channels >= NARROWING * widest) return [];
		const message = `stage ${i + 1} of ${channels} channels behind one of ${widest}`;
		return [{ reason: "NARROW_STAGE" as const, message }];
	});
}
