import { invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { readArray, readObject } from "../fields.js";
import { type Invalid, invalid } from "../tensors.js";

const KERNELS = [3, 5, 7] as const;
const EXPANSIONS = [3, 4, 6] as const;

/** One layer, such as `k5e4`: kernel 5, expansion 4. */
export type MobileNetV3Layer = `k${(typeof KERNELS)[number]}e${(typeof EXPANSIONS)[number]}`;

/** The nine layers, in the order of their tensor classes. */
export const MOBILENETV3_LAYERS: readonly MobileNetV3Layer[] = KERNELS.flatMap((k) =>
	EXPANSIONS.map((e) => `k${k}e${e}` as const),
);

/** Five stages of two to four layers. */
export type MobileNetV3Architecture = readonly (readonly MobileNetV3Layer[])[];

export const MOBILENETV3_STAGES = 5;
export const DEPTHS = [2, 3, 4] as const;
/** Most layers of a stage. */
export const MAX_DEPTH = 4;

/** Depths and layers, each uniform. */
export function randomMobileNetV3(random: Random): MobileNetV3Architecture {
	return Array.from({ length: MOBILENETV3_STAGES }, () =>
		Array.from({ length: random.pick(DEPTHS) }, () => random.pick(MOBILENETV3_LAYERS)),
	);
}

/** One layer becomes another, or one stage gets another depth; each with probability ½. */
export function mutateMobileNetV3(
	architecture: MobileNetV3Architecture,
	random: Random,
): MobileNetV3Architecture {
	const at = random.integer(MOBILENETV3_STAGES);
	const edit = random.integer(2) === 0 ? withOtherLayer : withOtherDepth;
	return architecture.with(at, edit(architecture[at]!, random));
}

type Stage = readonly MobileNetV3Layer[];

function withOtherLayer(stage: Stage, random: Random): Stage {
	const at = random.integer(stage.length);
	return stage.with(at, random.pick(MOBILENETV3_LAYERS.filter((layer) => layer !== stage[at])));
}

/** The last layers go, or random ones follow. */
function withOtherDepth(stage: Stage, random: Random): Stage {
	const depth = random.pick(DEPTHS.filter((other) => other !== stage.length));
	const added = Array.from({ length: Math.max(0, depth - stage.length) }, () =>
		random.pick(MOBILENETV3_LAYERS),
	);
	return [...stage.slice(0, depth), ...added];
}

/** Reasons: STAGE_COUNT, STAGE_DEPTH, UNKNOWN_LAYER. */
export function mobileNetV3Problem(architecture: MobileNetV3Architecture): Invalid | undefined {
	if (architecture.length !== MOBILENETV3_STAGES)
		return invalid("STAGE_COUNT", "stages", `must be ${MOBILENETV3_STAGES}, got ${architecture.length}`);
	for (const [s, stage] of architecture.entries()) {
		if (!DEPTHS.includes(stage.length as (typeof DEPTHS)[number]))
			return invalid("STAGE_DEPTH", `stages[${s}]`, `must have 2 to 4 layers, got ${stage.length}`);
		const unknown = stage.findIndex((layer) => !MOBILENETV3_LAYERS.includes(layer));
		if (unknown >= 0)
			return invalid(
				"UNKNOWN_LAYER",
				`stages[${s}][${unknown}]`,
				`must be one of ${MOBILENETV3_LAYERS.join(", ")}, got ${JSON.stringify(stage[unknown])}`,
			);
	}
	return undefined;
}

/**
 * Reads `{"stages": [["k3e3", "k5e6"], …]}`.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming the field, reason INVALID_FIELD or those of {@link mobileNetV3Problem}
 */
export function mobileNetV3FromJson(value: unknown): MobileNetV3Architecture {
	const document = readObject(value, "", ["stages"]);
	const stages = readArray(document.stages, "stages").map((stage, s) => readArray(stage, `stages[${s}]`));
	const architecture = stages as readonly (readonly MobileNetV3Layer[])[];
	const problem = mobileNetV3Problem(architecture);
	if (problem) throw invalidArgument(problem.field, problem.message, problem.reason);
	return architecture;
}
