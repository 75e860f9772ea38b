import { MACRO_LIMITS, type MacroStage } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { afterStage, afterStem, type Cell, type StageInput, squareMap } from "@archgen/search-space";
import { addCounts, type CountVector, maxCounts, paretoSmallest, ZERO_COUNTS } from "./count-vector.js";
import { canOpenStage, type PartialSequence } from "./grammar.js";
import { type NetworkTask, remember, SiteCosts } from "./site-costs.js";

type CountTest = (counts: CountVector) => boolean;

/** Tells what the counts of a finished sequence can become. */
export interface BudgetOracle {
	/**
	 * Whether a test holds for the counts of one of the cheapest ways known to finish the sequence; for none when it cannot be finished. Each
	 * is reached by real continuations: if one of them fits a budget, then so does one of those of some next token.
	 */
	someSmallest(partial: PartialSequence, test: CountTest): boolean;
	/**
	 * Whether a test holds for about the largest counts that the finished sequence can reach, each count by itself; the test must hold for
	 * whatever is larger than counts for which it holds.
	 */
	canReach(partial: PartialSequence, test: CountTest): boolean;
	/**
	 * Counts that some cheap way stays within whichever token follows a closed stage, or comes first: where these fit, no token has to be looked at.
	 * Null in other states, and where a cluster is never used.
	 */
	dearestNext(partial: PartialSequence): CountVector | null;
}

export interface BudgetOracleOptions extends NetworkTask {
	/** The cheapest known cell of each cluster, by cluster; null where none is known: such a cluster is never used. */
	readonly cells: readonly (Cell | null)[];
	readonly maxStages: number;
}

interface Frontier {
	readonly counts: CountVector;
	/** Null before the stem, whose channels are those of the first stage. */
	readonly site: StageInput | null;
	readonly stages: number;
	readonly cells: number;
}

const { channelStep: FEWEST, maxChannels: MOST, maxCells, maxRepeats } = MACRO_LIMITS;

/** All widths that a token can name. */
const CHANNELS = Array.from({ length: MOST / FEWEST }, (_, i) => (i + 1) * FEWEST);

/** Clusters whose cells cost least or most (`sign` −1) in one of the counts of a typical stage. */
function extremes(costs: SiteCosts, cells: readonly (Cell | null)[], sign: 1 | -1): number[] {
	const known = cells.flatMap((cell, cluster) => {
		if (cell === null) return [];
		const site = squareMap(64, 16);
		return [{ cluster, counts: costs.stage(cell, site, { channels: 32, stride: 2, repeats: 1 }) }];
	});
	const best = (name: keyof CountVector) =>
		known.reduce((a, b) => (sign * b.counts[name] < sign * a.counts[name] ? b : a)).cluster;
	return [...new Set([best("parameterCount"), best("macCount"), best("flopCount")])];
}

/** The oracle that takes each cluster to be its cheapest known cell; its counts are exact for these cells. */
class CellTableOracle implements BudgetOracle {
	readonly #costs: SiteCosts;
	readonly #cheap: readonly number[];
	readonly #dear: readonly number[];
	readonly #endings = new Map<number, readonly CountVector[]>();
	/** What the dearest next token adds, by channels and height of the map before it. */
	readonly #dearestNext = new Map<string, CountVector>();
	/** All tokens tried after one prefix share its list of closed stages. */
	readonly #frontiers = new WeakMap<readonly MacroStage[], Frontier | null>();

	constructor(readonly options: BudgetOracleOptions) {
		const reference = options.cells.find((cell) => cell !== null);
		if (!reference) throw invalidArgument("cells", "must hold a cell for at least one cluster");
		this.#costs = new SiteCosts(options, reference);
		this.#cheap = extremes(this.#costs, options.cells, 1);
		this.#dear = extremes(this.#costs, options.cells, -1);
	}

	someSmallest(partial: PartialSequence, test: CountTest): boolean {
		const frontier = this.#frontier(partial);
		if (frontier === null) return false;
		if (partial.finalChannels !== undefined) return test(this.#finish(frontier, partial.finalChannels));
		const { open } = partial;
		const isOpen = partial.state !== "first" && partial.state !== "boundary";
		if (isOpen) return this.#someSmallestOpen(frontier, open, test);
		if (frontier.site !== null) return this.#someSmallestEnding(frontier, test);
		return this.#cheap.some((cluster) => this.#someSmallestOpen(frontier, { cluster }, test));
	}

	canReach(partial: PartialSequence, test: CountTest): boolean {
		const frontier = this.#frontier(partial);
		if (frontier === null) return test(ZERO_COUNTS);
		if (partial.finalChannels !== undefined) return test(this.#finish(frontier, partial.finalChannels));
		const { open } = partial;
		if (open.cluster === undefined) return test(this.#largestEnding(frontier));
		// A stage of a width yet to be chosen can only add to what an end without it has, which is found at less cost.
		const canEnd = open.channels === undefined && frontier.site !== null;
		if (canEnd && test(this.#finish(frontier, MOST))) return true;
		const widest = { channels: MOST, stride: 1, repeats: maxCells - frontier.cells, ...open } as MacroStage;
		const closed = this.#append(frontier, { ...widest, repeats: Math.min(maxRepeats, widest.repeats) });
		if (closed === null) return test(ZERO_COUNTS);
		return test(this.#finish(closed, MOST)) || test(this.#largestEnding(closed));
	}

	dearestNext(partial: PartialSequence): CountVector | null {
		if (partial.state !== "first" && partial.state !== "boundary") return null;
		const frontier = this.#frontier(partial);
		if (frontier === null || this.options.cells.includes(null)) return null;
		const { site } = frontier;
		const key = `${site?.channels}/${site?.height}`;
		const added = remember(this.#dearestNext, key, () => this.#computeDearestNext(site));
		return addCounts(frontier.counts, added);
	}

	/** Stages and cells so far do not matter: a further stage with the fewest channels can always be the last one. */
	#computeDearestNext(site: StageInput | null): CountVector {
		const at: Frontier = { counts: ZERO_COUNTS, site, stages: 0, cells: 0 };
		const stages = this.options.cells.map((_, cluster) => {
			const closed = this.#append(at, { cluster, channels: FEWEST, stride: 2, repeats: 1 })!;
			return this.#finish(closed, FEWEST);
		});
		const ends = site === null ? [] : CHANNELS.map((channels) => this.#finish(at, channels));
		return [...stages, ...ends].reduce(maxCounts);
	}

	/** Everything up to the last closed stage; null when a cluster has no cell. */
	#frontier(partial: PartialSequence): Frontier | null {
		const known = this.#frontiers.get(partial.stages);
		if (known !== undefined) return known;
		const start: Frontier = { counts: ZERO_COUNTS, site: null, stages: 0, cells: 0 };
		const frontier = partial.stages.reduce<Frontier | null>(
			(at, stage) => at && this.#append(at, stage),
			start,
		);
		this.#frontiers.set(partial.stages, frontier);
		return frontier;
	}

	#append(at: Frontier, stage: MacroStage): Frontier | null {
		const cell = this.options.cells[stage.cluster];
		if (!cell) return null;
		const stem = at.site === null ? this.#costs.stem(stage.channels) : ZERO_COUNTS;
		const site =
			at.site ?? afterStem(stage.channels, { size: this.options.inputSize, classes: this.options.classes });
		return {
			counts: addCounts(addCounts(at.counts, stem), this.#costs.stage(cell, site, stage)),
			site: afterStage(stage, site),
			stages: at.stages + 1,
			cells: at.cells + stage.repeats,
		};
	}

	#finish(at: Frontier, finalChannels: number): CountVector {
		return at.site === null ? at.counts : addCounts(at.counts, this.#costs.head(at.site, finalChannels));
	}

	/**
	 * Finishes the open stage in the cheapest ways: the fewest channels or those that it gets (which saves the projection),
	 * either stride, one repeat.
	 */
	#someSmallestOpen(at: Frontier, open: Partial<MacroStage>, test: CountTest): boolean {
		const channels = open.channels ? [open.channels] : [...new Set([FEWEST, at.site?.channels ?? FEWEST])];
		const strides: readonly (1 | 2)[] = open.stride ? [open.stride] : [1, 2];
		const isSomeWay = (stage: Omit<MacroStage, "cluster">) => {
			const closed = this.#append(at, { cluster: open.cluster!, ...stage });
			return closed !== null && this.#someSmallestEnding(closed, test);
		};
		return channels.some((c) => strides.some((stride) => isSomeWay({ channels: c, stride, repeats: 1 })));
	}

	#someSmallestEnding(at: Frontier, test: CountTest): boolean {
		return this.#endingsOf(at).some((ending) => test(addCounts(at.counts, ending)));
	}

	/**
	 * What the cheapest endings add: an end at once with the fewest final channels, or after further stages that shrink what the head gets.
	 * They depend on where the sequence stands, not on how it came there.
	 */
	#endingsOf(at: Frontier): readonly CountVector[] {
		const { channels, height } = at.site!;
		const key = ((channels * 1024 + height) * 32 + at.stages) * 32 + at.cells;
		return remember(this.#endings, key, () => this.#computeEndings({ ...at, counts: ZERO_COUNTS }));
	}

	#computeEndings(at: Frontier): readonly CountVector[] {
		const now = this.#finish(at, FEWEST);
		if (!this.#canExtend(at) || at.site!.height === 1) return [now];
		const later = this.#cheap.flatMap((cluster) => {
			const closed = this.#append(at, { cluster, channels: FEWEST, stride: 2, repeats: 1 });
			return closed === null ? [] : this.#endingsOf(closed).map((ending) => addCounts(closed.counts, ending));
		});
		return paretoSmallest([now, ...later]);
	}

	#largestEnding(at: Frontier): CountVector {
		if (!this.#canExtend(at)) return this.#finish(at, MOST);
		const repeats = Math.min(maxRepeats, maxCells - at.cells);
		// One more stage at full width is beyond nearly every budget already: looking further would not mask more.
		return this.#dear
			.map((cluster) => this.#append(at, { cluster, channels: MOST, stride: 1, repeats })!)
			.map((extended) => this.#finish(extended, MOST))
			.reduce(maxCounts, this.#finish(at, MOST));
	}

	#canExtend(at: Frontier): boolean {
		return canOpenStage(this.options, { stages: { length: at.stages }, cells: at.cells });
	}
}

/**
 * The oracle of a task.
 *
 * @throws INVALID_ARGUMENT when no cluster has a cell
 */
export function createBudgetOracle(options: BudgetOracleOptions): BudgetOracle {
	return new CellTableOracle(options);
}
