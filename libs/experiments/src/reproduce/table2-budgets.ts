import type { Constraints } from "@archgen/design";
import type { Target } from "@archgen/search-space";

/** What a column of Table 2 asks for. */
export interface Table2Budget {
	readonly target: Target;
	readonly constraints: Constraints;
	/** Seeds unless told otherwise: searches at 224 pixels cost more. */
	readonly seeds: number;
}

/** The budgets of Table 2, by name. */
export const TABLE2_BUDGETS = {
	"cifar-1m": { target: { size: 32, classes: 10 }, constraints: { maxParameterCount: 1_000_000 }, seeds: 3 },
	"imagenet-450m": {
		target: { size: 224, classes: 1000 },
		constraints: { maxFlopCount: 450_000_000 },
		seeds: 1,
	},
	"imagenet-600m": {
		target: { size: 224, classes: 1000 },
		constraints: { maxFlopCount: 600_000_000 },
		seeds: 1,
	},
} as const satisfies Readonly<Record<string, Table2Budget>>;

export type Table2BudgetName = keyof typeof TABLE2_BUDGETS;
export const TABLE2_BUDGET_NAMES = Object.keys(TABLE2_BUDGETS) as Table2BudgetName[];
