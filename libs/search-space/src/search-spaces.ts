import { ArchgenError } from "@archgen/errors";
import { cellsSpace } from "./cells/cells-space.js";
import { dartsSpace } from "./darts/darts-space.js";
import { readObject, withFieldPrefix } from "./fields.js";
import { hierarchicalSpace } from "./hierarchical/hierarchical-space.js";
import type { Target } from "./macro-network.js";
import { mnasNetSpace } from "./mnasnet/mnasnet-space.js";
import { mobileNetV3Space } from "./mobilenetv3/mobilenetv3-space.js";
import { nasBenchMacroSpace } from "./nasbench-macro/nasbench-macro-space.js";
import { nasBench101Space } from "./nasbench101/nasbench101-space.js";
import { nasBench201Space } from "./nasbench201/nasbench201-space.js";
import type { ArchitectureSpace, SearchSpace } from "./search-space.js";
import { checkTarget } from "./space-limits.js";
import { targetFromJson, targetToJson } from "./target-json.js";

/** Every space by its name. A new one is a folder and a line here; the conformance suite then runs over it. */
export const SEARCH_SPACES = {
	hierarchical: hierarchicalSpace,
	cells: cellsSpace,
	nasbench201: nasBench201Space,
	"nasbench-macro": nasBenchMacroSpace,
	mnasnet: mnasNetSpace,
	mobilenetv3: mobileNetV3Space,
} as const;

/** Every space by its name, those included whose architectures cannot be built yet. */
export const ARCHITECTURE_SPACES = {
	...SEARCH_SPACES,
	nasbench101: nasBench101Space,
	darts: dartsSpace,
} as const;

/** Name of a space in `ARCHITECTURE_SPACES`. */
export type ArchitectureSpaceName = keyof typeof ARCHITECTURE_SPACES;

/** Names of all spaces, those included whose architectures cannot be built yet. */
export const ARCHITECTURE_SPACE_NAMES = Object.keys(ARCHITECTURE_SPACES) as readonly ArchitectureSpaceName[];

/**
 * The space of a name that comes from outside, for callers that build no networks.
 *
 * @throws ArchgenError NOT_FOUND, reason UNKNOWN_SPACE, listing the spaces there are
 */
export function architectureSpace(name: string): ArchitectureSpace<unknown> {
	if (Object.hasOwn(ARCHITECTURE_SPACES, name))
		return ARCHITECTURE_SPACES[name as ArchitectureSpaceName] as ArchitectureSpace<unknown>;
	throw unknownSpace(name, ARCHITECTURE_SPACE_NAMES);
}

/** Name of a space, as in `--space nasbench201`. */
export type SpaceName = keyof typeof SEARCH_SPACES;

/** Names of all spaces. */
export const SPACE_NAMES = Object.keys(SEARCH_SPACES) as readonly SpaceName[];

/**
 * The space of a name that comes from outside, for callers that hand its architectures on without looking inside.
 *
 * @throws ArchgenError NOT_FOUND, reason UNKNOWN_SPACE, listing the spaces there are
 */
export function searchSpace(name: string): SearchSpace<unknown> {
	if (Object.hasOwn(SEARCH_SPACES, name)) return SEARCH_SPACES[name as SpaceName] as SearchSpace<unknown>;
	throw unknownSpace(name, SPACE_NAMES);
}

function unknownSpace(name: string, known: readonly string[]): ArchgenError {
	return new ArchgenError({
		category: "NOT_FOUND",
		reason: "UNKNOWN_SPACE",
		message: `There is no search space ${JSON.stringify(name)} here; use one of ${known.join(", ")}.`,
		metadata: { space: name },
	});
}

/** An architecture together with its space. */
export interface ArchitectureOfSpace {
	readonly space: SearchSpace<unknown>;
	readonly architecture: unknown;
	/** Images and classes of its network; default: the target of the space. */
	readonly target?: Target;
}

/** JSON form of an architecture together with the name of its space. */
export interface ArchitectureJson {
	readonly space: string;
	readonly architecture: unknown;
	readonly target?: Target;
}

/** The JSON form of an architecture that also names its space, and the target where it was given. */
export function architectureToJson({ space, architecture, target }: ArchitectureOfSpace): ArchitectureJson {
	return {
		space: space.name,
		architecture: space.toJson(architecture),
		...(target && { target: targetToJson(target) }),
	};
}

/**
 * Reads the output of `architectureToJson`.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming the offending field, or NOT_FOUND for an unknown space
 */
export function architectureFromJson(value: unknown): ArchitectureOfSpace {
	const hasTarget = typeof value === "object" && value !== null && Object.hasOwn(value, "target");
	const document = readObject(value, "", [
		"space",
		"architecture",
		...(hasTarget ? (["target"] as const) : []),
	]);
	const space = searchSpace(String(document.space));
	const architecture = withFieldPrefix("architecture", () => space.fromJson(document.architecture));
	if (!hasTarget) return { space, architecture };
	return {
		space,
		architecture,
		target: checkTarget(space.limits, targetFromJson(document.target, "target")),
	};
}
