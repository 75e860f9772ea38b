import { createHash } from "node:crypto";
import { type Constraints, constraintViolations, integerViolation, targetViolations } from "@archgen/design";
import { ArchgenError, type FieldViolation } from "@archgen/errors";
import { isSquareClassifier, type Target, targetKey } from "@archgen/search-space";
import type { CostName, Limits } from "./costs.js";
import { HL_EVO, type SearchStrategy } from "./strategies.js";

/** A search job. The paper: 20,000 evaluations, population 512. */
export interface EvolutionOptions {
	readonly target: Target;
	readonly constraints: Constraints;
	/** Number of clusters K of the mixture that the cell source knows. */
	readonly clusters: number;
	/** Length of the finished history: T evaluations that gave a score, the start included. */
	readonly evaluations: number;
	readonly seed: number;
	/** That of the strategy unless given. */
	readonly populationSize?: number;
	/** Evaluations in flight, 1 unless given: the history is then a function of the options alone. */
	readonly parallelism?: number;
	/** HL-Evo unless given. */
	readonly strategy?: SearchStrategy;
	/** What Pareto mode trades the score against; needed by it, and by nothing else. */
	readonly costs?: readonly CostName[];
	/** Bounds on what the meter measures. */
	readonly limits?: Limits;
	/** Cluster of the starting design; drawn from the seed unless given. */
	readonly startCluster?: number;
	/** The run stops as stalled after this many proposals in a row without a score, 1,000 unless given. */
	readonly maxConsecutiveDrops?: number;
}

/** Options with their defaults filled in. */
export type ResolvedOptions = Omit<Required<EvolutionOptions>, "startCluster"> & {
	readonly startCluster: number | undefined;
};

/** Fills in defaults. Throws INVALID_ARGUMENT, reason `INVALID_OPTIONS`, naming every offending field. */
export function resolveOptions(options: EvolutionOptions): ResolvedOptions {
	const resolved = {
		populationSize: (options.strategy ?? HL_EVO).populationSize,
		parallelism: 1,
		strategy: HL_EVO,
		costs: [],
		limits: {},
		startCluster: undefined,
		maxConsecutiveDrops: 1_000,
		...options,
	};
	const violations = optionViolations(resolved);
	if (violations.length === 0) return resolved;
	throw new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "INVALID_OPTIONS",
		message: violations.map(({ field, description }) => `${field} ${description}`).join("; "),
		violations,
	});
}

function optionViolations(options: ResolvedOptions): FieldViolation[] {
	const target = targetViolations(options.target);
	const ranges: [string, number | undefined, number, number][] = [
		["clusters", options.clusters, 1, 4096],
		["evaluations", options.evaluations, 1, 10_000_000],
		["seed", options.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
		["populationSize", options.populationSize, 1, 1_000_000],
		["parallelism", options.parallelism, 1, 4096],
		["startCluster", options.startCluster, 0, options.clusters - 1],
		["maxConsecutiveDrops", options.maxConsecutiveDrops, 1, 10_000_000],
	];
	const integers = ranges.flatMap(([field, value, low, high]) => integerViolation(field, value, low, high));
	const pareto = options.strategy.keepsInfeasible ?? false;
	const costs =
		pareto === options.costs.length > 0
			? []
			: [{ field: "costs", description: "must name costs in Pareto mode and nothing otherwise" }];
	const limits = Object.entries(options.limits).flatMap(([name, value]: [string, number | undefined]) =>
		value === undefined || (Number.isFinite(value) && value > 0)
			? []
			: [{ field: `limits.${name}`, description: `must be above 0, not ${value}` }],
	);
	const constraints = target.length === 0 ? constraintViolations(options.constraints, options.target) : [];
	return [...target, ...integers, ...costs, ...limits, ...constraints];
}

/** SHA-256 of everything that decides the history: a job may be resumed with another parallelism, but nothing else. */
export function optionsFingerprint(options: ResolvedOptions): string {
	const { target, clusters, evaluations, seed, populationSize, strategy, startCluster } = options;
	const constraints = Object.entries(options.constraints).filter(([, limit]) => limit !== undefined);
	const identity = [
		isSquareClassifier(target) ? [target.size, target.classes] : [targetKey(target)],
		constraints.sort(([a], [b]) => (a < b ? -1 : 1)),
		[clusters, evaluations, seed, populationSize, strategy.name, startCluster ?? null],
	];
	const extras = { costs: options.costs, limits: options.limits };
	// A search without costs and limits keeps the fingerprint that it had before there were any.
	if (options.costs.length > 0 || Object.keys(options.limits).length > 0)
		identity.push([JSON.stringify(extras)]);
	return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}
