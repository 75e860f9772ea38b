import { ArchgenError, type FieldViolation } from "@archgen/errors";
import {
	type Counts,
	countLayerMemory,
	countLayers,
	layerDepth,
	lowerNetwork,
	type MemoryCounts,
	type Network,
	type NetworkGraph,
	SectionCounter,
	type Target,
} from "@archgen/search-space";
import { smallestNetwork } from "./macro-network.js";

/** The counts that can be bounded from both sides. */
export type BoundedCount = "parameterCount" | "macCount" | "flopCount";

/** Counts that are taken where they are bounded alone. */
interface FurtherCounts extends MemoryCounts {
	/** Convolutions and linear layers on the longest way from the image to the outputs. */
	readonly depth: number;
}

/** Counts of a network, with depth and memory where they are bounded. */
export type BoundedCounts = Counts & Partial<FurtherCounts>;

interface ConstraintSpec {
	readonly count: BoundedCount | keyof FurtherCounts;
	readonly bound: "max" | "min";
}

/** One record per constraint; every bound is inclusive. */
const CONSTRAINT_TABLE = {
	maxParameterCount: { count: "parameterCount", bound: "max" },
	minParameterCount: { count: "parameterCount", bound: "min" },
	maxMacCount: { count: "macCount", bound: "max" },
	minMacCount: { count: "macCount", bound: "min" },
	maxFlopCount: { count: "flopCount", bound: "max" },
	minFlopCount: { count: "flopCount", bound: "min" },
	maxDepth: { count: "depth", bound: "max" },
	maxWeightBytesInt8: { count: "weightBytesInt8", bound: "max" },
	maxWeightBytesFloat32: { count: "weightBytesFloat32", bound: "max" },
	maxPeakActivationBytesInt8: { count: "peakActivationBytesInt8", bound: "max" },
	maxPeakActivationBytesFloat32: { count: "peakActivationBytesFloat32", bound: "max" },
} as const satisfies Readonly<Record<string, ConstraintSpec>>;

export type ConstraintName = keyof typeof CONSTRAINT_TABLE;
export const CONSTRAINT_NAMES = Object.keys(CONSTRAINT_TABLE) as ConstraintName[];

/** Bounds on the exact counts of a network; a missing one does not bind. Counts as in `Counts` of search-space. */
export type Constraints = { readonly [K in ConstraintName]?: number };

/** Whether size or cost is bounded, which widths follow from; depth is neither. */
export function isBounded({ maxDepth: _, ...constraints }: Constraints): boolean {
	return Object.values(constraints).some((limit) => limit !== undefined);
}

/** The bounds from above alone. */
export function upperBounds(constraints: Constraints): Constraints {
	const given = CONSTRAINT_NAMES.filter(
		(name) => CONSTRAINT_TABLE[name].bound === "max" && constraints[name],
	);
	return Object.fromEntries(given.map((name) => [name, constraints[name]]));
}

const MEMORY_NAMES = CONSTRAINT_NAMES.filter((name) => CONSTRAINT_TABLE[name].count.includes("Bytes"));

/** Whether memory is bounded. */
export function boundsMemory(constraints: Constraints): boolean {
	return MEMORY_NAMES.some((name) => constraints[name] !== undefined);
}

/** Whether anything beside `Counts` is bounded. */
export function countsMore(constraints: Constraints): boolean {
	return boundsMemory(constraints) || constraints.maxDepth !== undefined;
}

/** All counts of a network that constraints are about. */
export function countBounded(network: Network, constraints: Constraints): BoundedCounts {
	return countGraph(lowerNetwork(network), constraints);
}

/** All counts of primitive layers that constraints are about. */
export function countGraph(graph: NetworkGraph, constraints: Constraints): BoundedCounts {
	return {
		...countLayers(graph),
		...(boundsMemory(constraints) && countLayerMemory(graph)),
		...(constraints.maxDepth !== undefined && { depth: layerDepth(graph) }),
	};
}

/** As `countBounded` for networks that have sections in common, which are counted once; where memory is bounded, networks are counted whole. */
export function boundedCounter(constraints: Constraints): (network: Network) => BoundedCounts {
	if (boundsMemory(constraints)) return (network) => countBounded(network, constraints);
	const counter = new SectionCounter();
	return (network) => {
		const { depth, ...counts } = counter.count(network);
		return constraints.maxDepth === undefined ? counts : { ...counts, depth };
	};
}

/** How far a count is from one bound. */
export interface Margin {
	readonly limit: number;
	readonly value: number;
	/** Distance to the bound in units of the count; negative when the bound is broken. */
	readonly slack: number;
	/** slack / limit. */
	readonly relative: number;
}

export interface ConstraintCheck {
	readonly satisfied: boolean;
	readonly margins: { readonly [K in ConstraintName]?: Margin };
	/** Broken constraints, the most broken (relatively) first. */
	readonly violated: readonly ConstraintName[];
	/** Sum of −relative over the broken constraints; 0 when all hold. Orders candidates by closeness. */
	readonly excess: number;
}

/** Compares counts with every given bound; bounds of memory need the counts of `countBounded`. */
export function checkConstraints(counts: BoundedCounts, constraints: Constraints): ConstraintCheck {
	const margins: { [K in ConstraintName]?: Margin } = {};
	for (const name of CONSTRAINT_NAMES) {
		const limit = constraints[name];
		if (limit !== undefined) margins[name] = marginOf(counts, name, limit);
	}
	const violated = CONSTRAINT_NAMES.filter((name) => (margins[name]?.slack ?? 0) < 0);
	violated.sort((a, b) => margins[a]!.relative - margins[b]!.relative);
	const excess = violated.reduce((sum, name) => sum - margins[name]!.relative, 0);
	return { satisfied: violated.length === 0, margins, violated, excess };
}

function marginOf(counts: BoundedCounts, name: ConstraintName, limit: number): Margin {
	const { count, bound } = CONSTRAINT_TABLE[name];
	const value = counts[count];
	if (value === undefined) throw new TypeError(`${name} needs the count ${count}; count with countBounded`);
	const slack = bound === "max" ? limit - value : value - limit;
	return { limit, value, slack, relative: slack / limit };
}

/**
 * What is wrong with constraints for networks of a target: bounds that are no positive integers, a minimum over its
 * maximum, a maximum below the smallest network that exists. Empty when they are fine.
 *
 * @param target undefined for networks of other spaces, whose smallest one is not known
 * @param prefix how the user addresses them, e.g. `constraints`
 */
export function constraintViolations(
	constraints: Constraints,
	target: Target | undefined,
	prefix = "constraints",
): FieldViolation[] {
	const malformed = CONSTRAINT_NAMES.filter((name) => !isBound(constraints[name]));
	if (malformed.length > 0) {
		return malformed.map((name) => ({
			field: `${prefix}.${name}`,
			description: `must be a positive integer, not ${constraints[name]}`,
		}));
	}
	const smallest = target === undefined ? {} : countBounded(smallestNetwork(target), constraints);
	return CONSTRAINT_NAMES.flatMap((name) => {
		const description = rangeProblem(constraints, name, smallest);
		return description === undefined ? [] : [{ field: `${prefix}.${name}`, description }];
	});
}

function isBound(value: number | undefined): boolean {
	return value === undefined || (Number.isSafeInteger(value) && value > 0);
}

function rangeProblem(
	constraints: Constraints,
	name: ConstraintName,
	smallest: Partial<BoundedCounts>,
): string | undefined {
	const { count, bound } = CONSTRAINT_TABLE[name];
	const limit = constraints[name];
	if (limit === undefined || bound === "min") return undefined;
	if (limit < (smallest[count] ?? 0)) {
		return `is ${limit}, but the smallest network for this input and these classes has ${count} ${smallest[count]}; allow at least that`;
	}
	const opposite = CONSTRAINT_NAMES.find(
		(other) => CONSTRAINT_TABLE[other].count === count && CONSTRAINT_TABLE[other].bound === "min",
	);
	const least = opposite && constraints[opposite];
	return least !== undefined && least > limit ? `is ${limit}, below ${opposite} ${least}` : undefined;
}

/** Throws INVALID_ARGUMENT, reason `INVALID_CONSTRAINTS`, with every violation of {@link constraintViolations}. */
export function validateConstraints(
	constraints: Constraints,
	target: Target | undefined,
	prefix = "constraints",
): void {
	const violations = constraintViolations(constraints, target, prefix);
	if (violations.length === 0) return;
	throw new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "INVALID_CONSTRAINTS",
		message: violations.map(({ field, description }) => `${field} ${description}`).join("; "),
		violations,
	});
}
