import { cellsSpace } from "../cells/cells-space.js";
import { readObject, violationsError } from "../fields.js";
import { lowerNetwork } from "../lower-network.js";
import { macroNetwork, type Target } from "../macro-network.js";
import { networkHash } from "../network-hash.js";
import { readStages, stagesToJson } from "../network-json.js";
import { networkViolations } from "../network-validation.js";
import type { SearchSpace } from "../search-space.js";
import { checkTarget, TARGET_LIMITS } from "../space-limits.js";
import { type Invalid, invalid, readTensors, tensorsOf } from "../tensors.js";
import {
	type HierarchicalArchitecture,
	mutateHierarchical,
	randomHierarchical,
} from "./hierarchical-architecture.js";
import { HIERARCHICAL_SHAPE, hierarchicalNodes, hierarchicalOfNodes } from "./hierarchical-tensors.js";

const TARGET = { size: 32, classes: 10 };
const STAGE_CHOICES = cellsSpace.limits.architectures * 128n * 2n * 4n;
/** Up to 20 stages of one cell each; an upper bound, as stages of more repeats leave room for fewer. */
const ARCHITECTURES = Array.from({ length: 20 }, (_, i) => STAGE_CHOICES ** BigInt(i + 1)).reduce(
	(sum, count) => sum + count * 128n,
	0n,
);
const LIMITS = { architectures: ARCHITECTURES, ...TARGET_LIMITS, anyTarget: true };

/**
 * archgen's own space: stages of repeated cells and the width of the head (Xiang et al., ICML 2024). JSON form: `stages` and `finalChannels` as in
 * `docs/schemas/network.schema.json`.
 */
export const hierarchicalSpace: SearchSpace<HierarchicalArchitecture> = {
	name: "hierarchical",
	title: "Stages of cells",
	source: "Xiang et al., ICML 2024",
	limits: LIMITS,
	target: TARGET,
	tensorShape: HIERARCHICAL_SHAPE,
	random: randomHierarchical,
	mutate: (architecture, random) =>
		mutateHierarchical(architecture, random, (edited) => problem(edited) === undefined),
	hash: (architecture) => networkHash(networkOf(architecture)),
	problem,
	lower: (architecture, target = TARGET) =>
		lowerNetwork(networkOf(architecture, checkTarget(LIMITS, target))),
	encode(architecture) {
		const { classes, edges } = hierarchicalNodes(architecture);
		return tensorsOf(HIERARCHICAL_SHAPE, classes, edges);
	},
	decode(tensors) {
		const read = readTensors(HIERARCHICAL_SHAPE, tensors);
		if (!read.valid) return read;
		const decoded = hierarchicalOfNodes(read.architecture);
		const broken = decoded.valid ? problem(decoded.architecture) : undefined;
		return broken ? { valid: false, ...broken } : decoded;
	},
	toJson: ({ stages, finalChannels }) => ({ stages: stagesToJson(stages), finalChannels }),
	fromJson(value) {
		const document = readObject(value, "", ["stages", "finalChannels"]);
		const architecture = {
			stages: readStages(document.stages),
			finalChannels: document.finalChannels as number,
		};
		const broken = problem(architecture);
		if (broken) throw violationsError([{ field: broken.field, description: broken.message }], broken.reason);
		return architecture;
	},
};

/** The macro network of an architecture. */
function networkOf({ stages, finalChannels }: HierarchicalArchitecture, target: Target = TARGET) {
	return macroNetwork(stages, finalChannels, target);
}

/** Reasons: NO_STAGE, INVALID_NETWORK, and those of cells. */
function problem(architecture: HierarchicalArchitecture): Invalid | undefined {
	if (architecture.stages.length === 0) return invalid("NO_STAGE", "stages", "must be one at least");
	const [violation] = networkViolations(networkOf(architecture));
	if (violation) return invalid("INVALID_NETWORK", violation.field, violation.description);
	for (const [s, { cell }] of architecture.stages.entries()) {
		const broken = cellsSpace.problem(cell);
		if (broken) return { ...broken, field: `stages[${s}].cell.${broken.field}` };
	}
	return undefined;
}
