import type { Constraints } from "@archgen/design";
import type { Target } from "@archgen/search-space";

/** What a column of Table 2 asks for. */
export interface Table2Budget {
	readonly target: Target;
	readonly constraints: Constraints;
	/** Name of the set of architectures that the paper's authors released for it; null for none. */
	readonly released: string | null;
}

const IMAGENET: Target = { size: 224, classes: 1000 };

function cifar(classes: number): Table2Budget {
	return {
		target: { size: 32, classes },
		constraints: { maxParameterCount: 1e6 },
		released: "GraphNet_CIFAR_IM",
	};
}

function imagenet(maxFlopCount: number, released: string | null): Table2Budget {
	return { target: IMAGENET, constraints: { maxFlopCount }, released };
}

/** The budgets of Table 2, by name. */
export const TABLE2_BUDGETS = {
	"cifar-1m": cifar(10),
	"cifar100-1m": cifar(100),
	"imagenet-450m": imagenet(450e6, "GraphNet_imagenet_450M"),
	"imagenet-600m": imagenet(600e6, "GraphNet_imagenet_600M"),
	"imagenet-1000m": imagenet(1e9, null),
} as const satisfies Readonly<Record<string, Table2Budget>>;

export type Table2BudgetName = keyof typeof TABLE2_BUDGETS;
export const TABLE2_BUDGET_NAMES = Object.keys(TABLE2_BUDGETS) as Table2BudgetName[];
