import { type Constraints, smallestNetwork } from "@archgen/design";
import { createRandom, type Random } from "@archgen/random";
import { type Counts, countNetwork, type Target } from "@archgen/search-space";

/** A target and bounds that people might ask for. */
export interface BroadTarget {
	readonly target: Target;
	readonly constraints: Constraints;
}

const SIZES = [32, 48, 64, 96, 128, 160, 192, 224, 256] as const;
const CLASSES = [2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;
/** Combinations of bounds, each as likely as the others. */
const BOUNDS = [
	["flopCount"],
	["macCount"],
	["parameterCount"],
	["flopCount", "parameterCount"],
	["macCount", "parameterCount"],
] as const;
/** Budgets from a microcontroller's to a server's. */
const RANGES = {
	flopCount: [4e6, 2e9],
	macCount: [2e6, 1e9],
	parameterCount: [3e4, 1e7],
} as const satisfies Partial<Record<keyof Counts, readonly [number, number]>>;
/** A bound leaves room for this many times the smallest network of its target. */
const LEAST_ROOM = 4;

/**
 * Targets and bounds all over what can be asked for: 32 to 256 pixels, 2 to 1,000 classes, log-uniform upper bounds, single or paired.
 * The first ones stay when more are drawn.
 */
export function broadTargets(count: number, seed: number): BroadTarget[] {
	const random = createRandom(seed).fork("broad targets");
	return Array.from({ length: count }, (_, i) => broadTarget(random.fork(i)));
}

function broadTarget(random: Random): BroadTarget {
	const target = { size: random.pick(SIZES), classes: random.pick(CLASSES) };
	const smallest = countNetwork(smallestNetwork(target));
	const bounds = random.pick(BOUNDS).map((name) => {
		const [low, high] = RANGES[name];
		const limit = low * (high / low) ** random.uniform();
		return [maximumOf(name), Math.round(Math.max(limit, LEAST_ROOM * smallest[name]))] as const;
	});
	return { target, constraints: Object.fromEntries(bounds) };
}

function maximumOf(name: keyof typeof RANGES): keyof Constraints {
	return `max${name[0]!.toUpperCase()}${name.slice(1)}` as keyof Constraints;
}
