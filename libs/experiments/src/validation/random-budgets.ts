import type { Constraints } from "@archgen/design";
import type { Random } from "@archgen/random";
import type { Target } from "@archgen/search-space";

/** Something to ask for. */
export interface BudgetTask {
	readonly target: Target;
	readonly constraints: Constraints;
}

const SIZES = [32, 64, 128, 224];
const CLASSES = [10, 100, 1000];

/**
 * A random combination of bounds, at least one of them from above: flopCount from 20 M to 1.2 G and parameters from 20 k to 5 M (both log-uniform), MACs
 * half of flopCount, each with probability 0.6; each lower bound with probability 0.2, from 20 to 90 % of the upper one. Some
 * combinations leave no room: those have to be said, not met.
 */
export function randomBudget(random: Random): BudgetTask {
	const target = { size: random.pick(SIZES), classes: random.pick(CLASSES) };
	const logUniform = (low: number, high: number) => low * (high / low) ** random.uniform();
	const flopCount = logUniform(20e6, 1.2e9);
	const limits = { ParameterCount: logUniform(20e3, 5e6), MacCount: flopCount / 2, FlopCount: flopCount };
	const names = Object.keys(limits) as (keyof typeof limits)[];
	const sure = random.pick(names);
	const bounds = names.flatMap((name) => {
		const upper = name === sure || random.uniform() < 0.6 ? [[`max${name}`, limits[name]] as const] : [];
		const share = 0.2 + 0.7 * random.uniform();
		const lower = random.uniform() < 0.2 ? [[`min${name}`, share * limits[name]] as const] : [];
		return [...upper, ...lower];
	});
	const constraints = Object.fromEntries(bounds.map(([name, limit]) => [name, Math.round(limit)]));
	return { target, constraints };
}
