import {
	type BoundedCounts,
	boundedCounter,
	boundsMemory,
	type Constraints,
	checkConstraints,
	isBounded,
	type MacroSequence,
	networkOf,
	roundChannels,
	upperBounds,
} from "@archgen/design";
import {
	type Cell,
	isSquareClassifier,
	NETWORK_LIMITS,
	type Network,
	type Target,
} from "@archgen/search-space";

/** Widths may become so many times wider or narrower than the sequence generator wrote them. */
const MOST = 2;
/** Where depth is bounded, so many times wider: the layers that such a bound takes leave their share of the others. */
const MOST_FOR_DEPTH = 32;
/** Where the generator does not know what it writes for, they may become so many times narrower. */
const NARROWEST = 16;
/** Halvings of the interval of factors: to one per cent. */
const HALVINGS = 6;
/** Single widths are raised this often at most. */
const RAISES = 64;
const RAISE = 1.08;
/** Features that each class should have, where these cost little: hand-made networks of mobile size have 0.37 and more. */
const FEATURES_PER_CLASS = 0.5;
/** What they may cost, in parts of each upper bound. */
const FEATURES_SHARE = 0.05;
/** Widths are multiples of the step; more features before the classes than the maximum no network of the space has. */
const { maximum: MOST_FEATURES, multipleOf: STEP } = NETWORK_LIMITS.channels;

/** A sequence with its cells, and what they are for. */
export interface WidthTask {
	readonly sequence: MacroSequence;
	/** One for each stage. */
	readonly cells: readonly Cell[];
	readonly target: Target;
	readonly constraints: Constraints;
}

/** A task with what counts its networks, which differ by widths alone. */
interface CountedTask extends WidthTask {
	readonly count: (network: Network) => BoundedCounts;
}

/** A sequence whose widths were fitted, with the exact counts of the network. */
export interface WidthFit {
	readonly sequence: MacroSequence;
	readonly counts: BoundedCounts;
	readonly satisfied: boolean;
}

/**
 * Widths with which a network uses its budget. Networks train better the more of their budget they use, and a drawn cell is never exactly as
 * large as the one that the sequence was written for: so all stages are scaled by one factor, ½ to 2 (for tasks, images and bounds of memory, which the generator does not know, 1/16 to 2), the largest with which every upper
 * bound holds, then single stages, the last ones first, take what is left, and at last the features before the classes, of which sequences often have
 * too few; half as many as classes they get at once where that costs little. Without an upper bound the widths become just large enough for
 * the lower ones.
 *
 * @returns the widths as they were where no factor meets the upper bounds, or nothing is bounded
 */
export function fitWidths(wanted: WidthTask): WidthFit {
	const task = { ...wanted, count: boundedCounter(wanted.constraints) };
	const asWritten = fitOf(task, task.sequence);
	const upper = upperBounds(task.constraints);
	if (!isBounded(upper)) return asWritten.satisfied ? asWritten : grow(task, asWritten);
	const ample = withEnoughFeatures(task, upper, asWritten);
	const fit = fillUp({ ...task, sequence: ample.sequence }, upper, ample);
	return fit.satisfied || ample === asWritten ? fit : fillUp(task, upper, asWritten);
}

/** Enough features for the classes where they cost little: proxies hardly see them, trained networks need them. */
function withEnoughFeatures(task: CountedTask, upper: Constraints, asWritten: WidthFit): WidthFit {
	const { sequence, counts } = asWritten;
	const enough = STEP * Math.ceil(Math.min(MOST_FEATURES, FEATURES_PER_CLASS * task.target.classes) / STEP);
	if (!isSquareClassifier(task.target) || sequence.finalChannels >= enough) return asWritten;
	const ample = fitOf(task, { ...sequence, finalChannels: enough });
	const names = Object.keys(counts) as (keyof BoundedCounts)[];
	const extra = Object.fromEntries(names.map((name) => [name, ample.counts[name]! - counts[name]!]));
	const given = Object.entries(upper).filter(([, limit]) => limit !== undefined);
	const share = Object.fromEntries(given.map(([name, limit]) => [name, FEATURES_SHARE * limit]));
	return checkConstraints(extra as unknown as BoundedCounts, share).satisfied ? ample : asWritten;
}

function fitOf({ cells, target, constraints, count }: CountedTask, sequence: MacroSequence): WidthFit {
	return judged({ sequence, counts: count(networkOf(sequence, cells, target)) }, constraints);
}

/** A fit under other constraints. */
function judged({ sequence, counts }: Omit<WidthFit, "satisfied">, constraints: Constraints): WidthFit {
	return { sequence, counts, satisfied: checkConstraints(counts, constraints).satisfied };
}

/** Lower bounds do not narrow the search for the largest factor; they are looked at in the end. */
function fillUp(task: CountedTask, constraints: Constraints, asWritten: WidthFit): WidthFit {
	const upper = { ...task, constraints };
	const own = judged(asWritten, constraints);
	const isKnown = isSquareClassifier(task.target) && !boundsMemory(task.constraints);
	const least = 1 / (isKnown ? MOST : NARROWEST);
	const good = own.satisfied ? own : fitOf(upper, scaled(task.sequence, least));
	if (!good.satisfied) return asWritten;
	const most = task.constraints.maxDepth === undefined ? MOST : MOST_FOR_DEPTH;
	const known = own.satisfied ? { good, at: 1, bad: most } : { good, at: least, bad: 1 };
	return judged(withFeatures(upper, raised(upper, bisect(upper, known))), task.constraints);
}

function grow(task: CountedTask, asWritten: WidthFit): WidthFit {
	const good = fitOf(task, scaled(task.sequence, MOST));
	return good.satisfied ? bisect(task, { good, at: MOST, bad: 1 }) : asWritten;
}

/** The satisfied fit nearest to a factor that is not. */
function bisect(
	task: CountedTask,
	known: { readonly good: WidthFit; readonly at: number; readonly bad: number },
): WidthFit {
	let { good, at, bad } = known;
	for (let i = 0; i < HALVINGS; i++) {
		const middle = Math.sqrt(at * bad);
		const tried = fitOf(task, scaled(task.sequence, middle));
		if (tried.satisfied) [good, at] = [tried, middle];
		else bad = middle;
	}
	return good;
}

/** Single stages made wider, from the last to the first and again, while the bounds hold. */
function raised(task: CountedTask, start: WidthFit): WidthFit {
	let best = start;
	const full = new Set<number>();
	const { length } = start.sequence.stages;
	for (let i = 0; i < RAISES && full.size < length; i++) {
		const at = length - 1 - (i % length);
		if (full.has(at)) continue;
		const wider = widened(best.sequence, at);
		const tried = wider && fitOf(task, wider);
		if (tried?.satisfied) best = tried;
		else full.add(at);
	}
	return best;
}

/** As many features before the classes as the bounds leave room for. */
function withFeatures(task: CountedTask, start: WidthFit): WidthFit {
	if (!isSquareClassifier(task.target)) return start;
	let [best, low, high] = [start, start.sequence.finalChannels / STEP, MOST_FEATURES / STEP];
	while (low + 1 <= high) {
		const middle = Math.ceil((low + high) / 2);
		const tried = fitOf(task, { ...start.sequence, finalChannels: middle * STEP });
		if (tried.satisfied) [best, low] = [tried, middle];
		else high = middle - 1;
	}
	return best;
}

/** The narrowest widths that are tried. */
export function narrowest(sequence: MacroSequence): MacroSequence {
	return scaled(sequence, 1 / NARROWEST);
}

function scaled(sequence: MacroSequence, factor: number): MacroSequence {
	const stages = sequence.stages.map((stage) => ({
		...stage,
		channels: roundChannels(stage.channels * factor),
	}));
	return { ...sequence, stages };
}

/** One stage wider by a step; undefined where it is as wide as stages get. */
function widened(sequence: MacroSequence, at: number): MacroSequence | undefined {
	const stage = sequence.stages[at]!;
	const channels = roundChannels(Math.max(stage.channels + 8, stage.channels * RAISE));
	if (channels === stage.channels) return undefined;
	return { ...sequence, stages: sequence.stages.with(at, { ...stage, channels }) };
}
