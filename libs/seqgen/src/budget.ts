import type { Constraints } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { COUNT_NAMES, type CountName, type CountVector } from "./count-vector.js";

const FIELDS: {
	readonly [N in CountName]: { readonly max: keyof Constraints; readonly min: keyof Constraints };
} = {
	parameterCount: { max: "maxParameterCount", min: "minParameterCount" },
	macCount: { max: "maxMacCount", min: "minMacCount" },
	flopCount: { max: "maxFlopCount", min: "minFlopCount" },
};

/**
 * Checks each bound and that no lower bound lies above its upper bound.
 *
 * @throws INVALID_ARGUMENT that names the offending bound
 */
export function assertBudget(budget: Constraints): void {
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
export function upperLimits({ maxParameterCount, maxMacCount, maxFlopCount }: Constraints): CountVector {
	const { POSITIVE_INFINITY } = Number;
	return {
		parameterCount: maxParameterCount ?? POSITIVE_INFINITY,
		macCount: maxMacCount ?? POSITIVE_INFINITY,
		flopCount: maxFlopCount ?? POSITIVE_INFINITY,
	};
}

/** Whether every lower bound is reached. */
export function reachesLower(budget: Constraints, counts: CountVector): boolean {
	return COUNT_NAMES.every((name) => counts[name] >= (budget[FIELDS[name].min] ?? 0));
}

/** Whether at least one upper bound is used to this share. */
export function usesUpper(budget: Constraints, counts: CountVector, share: number): boolean {
	return COUNT_NAMES.some(
		(name) => counts[name] >= share * (budget[FIELDS[name].max] ?? Number.POSITIVE_INFINITY),
	);
}

/** Whether the budget has a lower bound at all. */
export function hasLower(budget: Constraints): boolean {
	return COUNT_NAMES.some((name) => budget[FIELDS[name].min] !== undefined);
}

/** Names of the upper bounds that the counts exceed. */
export function exceeded(budget: Constraints, counts: CountVector): (keyof Constraints)[] {
	return COUNT_NAMES.filter(
		(name) => counts[name] > (budget[FIELDS[name].max] ?? Number.POSITIVE_INFINITY),
	).map((name) => FIELDS[name].max);
}
