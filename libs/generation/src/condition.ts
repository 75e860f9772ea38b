import { boundsMemory, type Condition, type Constraints } from "@archgen/design";
import { equivalentSize } from "@archgen/search-space";
import type { ResolvedRequest } from "./request.js";

/** Depth to ask for where nothing bounds it: searches without a bound end between 100 and 280, those with large budgets near this. */
const UNBOUNDED_DEPTH = 250;

/** Operations for each parameter of the networks that the generator writes left to itself. */
const OPERATIONS_PER_PARAMETER = 170;

/** By how much the wish is lowered for each round in which networks came out too large, or raised if too small. */
const AIM_STEP = 0.8;

/** What of a request sequences are asked by. */
type Asked = Pick<ResolvedRequest, "target" | "constraints" | "naswot" | "snipSsnr" | "depth" | "parameters">;

/**
 * What to ask the sequence generator for: the upper bound where there is one, since good networks use their budget, else
 * the lower one. A bound on multiply-accumulates stands in for flopCount, which is about twice as much.
 *
 * @param aim power of 0.8 on the counts: positive when earlier rounds overshot, negative when they fell short
 */
export function conditionOf(request: Asked, aim: number): Condition {
	const { target, constraints, naswot, snipSsnr, depth: usual } = request;
	const wish = (limit: number | undefined) => aimed(limit, aim);
	const parameterCount =
		wish(parameterBound(constraints) ?? constraints.minParameterCount) ?? parameterWish(request, aim);
	const flopCount = wish(flopBound(constraints));
	const peakActivationBytesInt8 = wish(peakBound(constraints));
	const depth = depthWish(constraints, usual);
	return {
		// The generator knows classifiers of square pictures: other tasks and shapes are asked for as the nearest of these.
		classes: Math.max(2, target.classes),
		inputSize: equivalentSize(target),
		...(parameterCount !== undefined && { parameterCount }),
		...(flopCount !== undefined && { flopCount }),
		...(naswot !== undefined && { naswot }),
		...(snipSsnr !== undefined && { snipSsnr }),
		...(depth !== undefined && { depth }),
		...(peakActivationBytesInt8 !== undefined && { peakActivationBytesInt8 }),
	};
}

/**
 * Bounds that sequences are written within: those of the request, and the parameters that it wishes for as a lower one. The condition alone moves a generator that has
 * seen few such networks too little; a lower bound is followed where a way is seen, and no network is measured by this one.
 */
export function guidingBounds(request: Asked, aim: number): Constraints {
	const minParameterCount = parameterWish(request, aim);
	return { ...request.constraints, ...(minParameterCount !== undefined && { minParameterCount }) };
}

/** Where operations alone are bounded, so tightly that the generator left to itself would write fewer parameters. */
function parameterWish({ constraints, parameters }: Asked, aim: number): number | undefined {
	const known = parameterBound(constraints) ?? constraints.minParameterCount;
	if (parameters === undefined || known !== undefined || boundsMemory(constraints)) return undefined;
	const own = (flopBound(constraints) ?? Number.POSITIVE_INFINITY) / OPERATIONS_PER_PARAMETER;
	return own < parameters ? aimed(parameters, aim) : undefined;
}

function aimed(limit: number | undefined, aim: number): number | undefined {
	return limit === undefined ? undefined : Math.max(1, Math.round(limit * AIM_STEP ** aim));
}

/** The bound, else the wish; where memory is bounded and there is neither, depth is the generator's to choose. */
function depthWish(constraints: Constraints, usual: number | undefined): number | undefined {
	const depth = constraints.maxDepth ?? usual;
	if (depth === undefined && boundsMemory(constraints)) return undefined;
	return Math.min(depth ?? UNBOUNDED_DEPTH, UNBOUNDED_DEPTH);
}

/** A number of 8 bits is a byte, one of 32 four. */
function peakBound(constraints: Constraints): number | undefined {
	const { maxPeakActivationBytesInt8: bytes, maxPeakActivationBytesFloat32: floats } = constraints;
	return least(bytes, floats === undefined ? undefined : floats / 4);
}

/** A weight of 8 bits is a byte, one of 32 four. */
function parameterBound(constraints: Constraints): number | undefined {
	const { maxParameterCount, maxWeightBytesInt8, maxWeightBytesFloat32 } = constraints;
	const floats = maxWeightBytesFloat32 === undefined ? undefined : maxWeightBytesFloat32 / 4;
	return least(maxParameterCount, maxWeightBytesInt8, floats);
}

function flopBound({
	maxFlopCount,
	maxMacCount,
	minFlopCount,
	minMacCount,
}: Constraints): number | undefined {
	const upper = least(maxFlopCount, doubled(maxMacCount));
	if (upper !== undefined) return upper;
	const lower = [minFlopCount, doubled(minMacCount)].filter((limit) => limit !== undefined);
	return lower.length > 0 ? Math.max(...lower) : undefined;
}

function least(...limits: readonly (number | undefined)[]): number | undefined {
	const given = limits.filter((limit) => limit !== undefined);
	return given.length > 0 ? Math.min(...given) : undefined;
}

function doubled(count: number | undefined): number | undefined {
	return count === undefined ? undefined : 2 * count;
}
