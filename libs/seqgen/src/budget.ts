import { invalidArgument } from "@archgen/errors";
import { COUNT_NAMES, type CountName, type CountVector } from "./count-vector.js";

/** Bounds on the exact counts of a network; both ends are allowed values. A missing bound does not bind. */
export interface Budget {
	readonly maxParameterCount?: number;
	readonly maxMacCount?: number;
	readonly maxFlopCount?: number;
	readonly minParameterCount?: number;
	readonly minMacCount?: number;
	readonly minFlopCount?: number;
}

const FIELDS: { readonly [N in CountName]: { readonly max: keyof Budget; readonly min: keyof Budget } } = {
	parameterCount: { max: "maxParameterCount", min: "minParameterCount" },
	macCount: { max: "maxMacCount", min: "minMacCount" },
	flopCount: { max: "maxFlopCount", min: "minFlopCount" },
};

/**
 * Checks each bound and that no lower bound lies above its upper bound.
 *
 * @throws INVALID_ARGUMENT that names the offending bound
 */
export function assertBudget(budget: Budget): void {
	for (const name of COUNT_NAMES) {
		const { max, min } = FIELDS[name];
		for (const field of [max, min]) {
			const bound = budget[field];
			if (bound !== undefined && !(bound > 0)) throw invalidArgument(field, "must be a positive number");
		}
		if ((budget[min] ?? 0) > (budget[max] ?? Number.POSITIVE_INFINITY)) {
			throw invalidArgument(min, `lies above ${max}`, "CONTRADICTING_BOUNDS");
		}
	}
}

/** The most of each count that the upper bounds allow; infinite where there is none. */
export function upperLimits({ maxParameterCount, maxMacCount, maxFlopCount }: Budget): CountVector {
	const { POSITIVE_INFINITY } = Number;
	return {
		parameterCount: maxParameterCount ?? POSITIVE_INFINITY,
		macCount: maxMacCount ?? POSITIVE_INFINITY,
		flopCount: maxFlopCount ?? POSITIVE_INFINITY,
	};
}

/** Whether every lower bound is reached. */
export function reachesLower(budget: Budget, counts: CountVector): boolean {
	return COUNT_NAMES.every((name) => counts[name] >= (budget[FIELDS[name].min] ?? 0));
}

/** Whether at least one upper bound is used to this share. */
export function usesUpper(budget: Budget, counts: CountVector, share: number): boolean {
	return COUNT_NAMES.some(
		(name) => counts[name] >= share * (budget[FIELDS[name].max] ?? Number.POSITIVE_INFINITY),
	);
}

/** Whether the budget has a lower bound at all. */
export function hasLower(budget: Budget): boolean {
	return COUNT_NAMES.some((name) => budget[FIELDS[name].min] !== undefined);
}

/** Names of the upper bounds that the counts exceed. */
export function exceeded(budget: Budget, counts: CountVector): (keyof Budget)[] {
	return COUNT_NAMES.filter(
		(name) => counts[name] > (budget[FIELDS[name].max] ?? Number.POSITIVE_INFINITY),
	).map((name) => FIELDS[name].max);
}
