import type { SearchSpace } from "../search-space.js";
import { checkTarget, TARGET_LIMITS } from "../space-limits.js";
import {
	ABSENT,
	type ArchitectureTensors,
	type Decoded,
	invalid,
	readTensors,
	tensorsOf,
} from "../tensors.js";
import {
	DEPTHS,
	MAX_DEPTH,
	MOBILENETV3_LAYERS,
	MOBILENETV3_STAGES,
	type MobileNetV3Architecture,
	mobileNetV3FromJson,
	mobileNetV3Problem,
	mutateMobileNetV3,
	randomMobileNetV3,
} from "./mobilenetv3-architecture.js";
import { lowerMobileNetV3 } from "./mobilenetv3-network.js";

const NODES = MOBILENETV3_STAGES * MAX_DEPTH;
const CHAIN = Array.from({ length: NODES - 1 }, (_, node) => [node, node + 1] as const);
const SHAPE = { nodes: NODES, classes: MOBILENETV3_LAYERS, absentNodes: true, edges: CHAIN } as const;
const TARGET = { size: 224, classes: 1000 };
const STAGE_CHOICES = DEPTHS.reduce((sum, depth) => sum + BigInt(MOBILENETV3_LAYERS.length ** depth), 0n);
const LIMITS = { architectures: STAGE_CHOICES ** BigInt(MOBILENETV3_STAGES), ...TARGET_LIMITS };

/**
 * The MobileNetV3 space of Once-for-All: five stages of two to four inverted residuals with kernel 3, 5 or 7 and expansion 3, 4 or 6. As tensors 20
 * rows in a chain, four for each stage; a missing layer is a row of zeros. JSON form: `{"stages": [["k3e3", "k5e6"], …]}`.
 */
export const mobileNetV3Space: SearchSpace<MobileNetV3Architecture> = {
	name: "mobilenetv3",
	title: "MobileNetV3",
	source: "Howard et al., ICCV 2019; Cai et al., ICLR 2020",
	limits: LIMITS,
	target: TARGET,
	tensorShape: SHAPE,
	random: randomMobileNetV3,
	mutate: mutateMobileNetV3,
	hash: (architecture) => architecture.map((stage) => stage.join("-")).join("/"),
	problem: mobileNetV3Problem,
	lower: (architecture, target = TARGET) => lowerMobileNetV3(architecture, checkTarget(LIMITS, target)),
	encode(architecture) {
		const classes = architecture.flatMap((stage) =>
			Array.from({ length: MAX_DEPTH }, (_, l) =>
				l < stage.length ? MOBILENETV3_LAYERS.indexOf(stage[l]!) : ABSENT,
			),
		);
		return tensorsOf(SHAPE, classes, CHAIN);
	},
	decode,
	toJson: (architecture) => ({ stages: architecture }),
	fromJson: mobileNetV3FromJson,
};

/** Reasons besides those of `readTensors`: LAYER_AFTER_GAP, and STAGE_DEPTH of an architecture. */
function decode(tensors: ArchitectureTensors): Decoded<MobileNetV3Architecture> {
	const read = readTensors(SHAPE, tensors);
	if (!read.valid) return read;
	const { classes } = read.architecture;
	const gap = classes.findIndex(
		(label, node) => label !== ABSENT && node % MAX_DEPTH > 0 && classes[node - 1] === ABSENT,
	);
	if (gap >= 0)
		return {
			valid: false,
			...invalid("LAYER_AFTER_GAP", `nodes[${gap}]`, "follows a missing layer of its stage"),
		};
	const architecture = Array.from({ length: MOBILENETV3_STAGES }, (_, s) =>
		classes
			.slice(s * MAX_DEPTH, (s + 1) * MAX_DEPTH)
			.filter((label) => label !== ABSENT)
			.map((label) => MOBILENETV3_LAYERS[label]!),
	);
	const problem = mobileNetV3Problem(architecture);
	return problem ? { valid: false, ...problem } : { valid: true, architecture };
}
