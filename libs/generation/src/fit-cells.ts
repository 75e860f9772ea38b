import {
	type BoundedCounts,
	boundsMemory,
	type Constraints,
	checkConstraints,
	countBounded,
	type MacroSequence,
	type MacroStage,
	networkOf,
} from "@archgen/design";
import {
	afterStage,
	afterStem,
	type Cell,
	countStage,
	type PartCounts,
	type StageInput,
	stridedStages,
	type Target,
} from "@archgen/search-space";

/** The cells drawn for a sequence, and what may take their place. */
export interface CellFitTask {
	readonly sequence: MacroSequence;
	/** One for each stage. */
	readonly cells: readonly Cell[];
	/** Further cells of the kind that a stage wants. */
	readonly alternatives: (stage: MacroStage) => readonly Cell[];
	readonly target: Target;
	readonly constraints: Constraints;
}

/** Cells with the exact counts of the whole network. */
export interface CellFit {
	/** One for each stage. */
	readonly cells: readonly Cell[];
	readonly counts: BoundedCounts;
}

interface Choice extends CellFit {
	/** See `ConstraintCheck`; 0 when every bound holds. */
	readonly excess: number;
	/** The largest share of an upper bound that is used. */
	readonly use: number;
}

/**
 * Cells with which a sequence meets its constraints. Those drawn are kept where they do; else one stage after another gets another
 * cell of its kind: each time the one that comes closest to the bounds, and of several that meet them the one that uses most of them.
 * When no single change helps any more, the cells that the sequence was bounded with are taken: its upper bounds then hold.
 *
 * @returns the best choice seen when nothing meets the constraints
 */
export function fitCells(task: CellFitTask): CellFit {
	let best = choiceOf(task, task.cells);
	if (best.excess === 0) return best;
	const costs = new StageCosts(task);
	while (best.excess > 0) {
		const next = neighbours(task, costs, best).reduce(better, best);
		if (next === best) break;
		best = next;
	}
	const fallback = task.sequence.stages.flatMap(countedWith);
	if (best.excess === 0 || fallback.length < best.cells.length) return best;
	return better(best, choiceOf(task, fallback));
}

function choiceOf(task: CellFitTask, cells: readonly Cell[]): Choice {
	return rated(task, cells, countBounded(networkOf(task.sequence, cells, task.target), task.constraints));
}

function rated({ constraints }: CellFitTask, cells: readonly Cell[], counts: BoundedCounts): Choice {
	const { excess, margins } = checkConstraints(counts, constraints);
	const uses = Object.entries(margins).map(([name, { value, limit }]) =>
		name.startsWith("max") ? value / limit : 0,
	);
	return { cells, counts, excess, use: Math.max(0, ...uses) };
}

function better(a: Choice, b: Choice): Choice {
	return b.excess < a.excess || (b.excess === a.excess && b.excess === 0 && b.use > a.use) ? b : a;
}

/** The cell that a stage was counted with when its sequence was bounded, if it was. */
function countedWith({ exemplar, budgetCell }: MacroStage): Cell[] {
	const cell = exemplar ?? budgetCell;
	return cell ? [cell] : [];
}

/** All choices that differ in one stage. */
function neighbours(task: CellFitTask, costs: StageCosts, { cells, counts }: Choice): Choice[] {
	return task.sequence.stages.flatMap((wanted, stage) => {
		const others = [...task.alternatives(wanted), ...countedWith(wanted)];
		return others
			.filter(({ hash }) => hash !== cells[stage]!.hash)
			.map((cell) => {
				// Memory is no sum over stages.
				if (boundsMemory(task.constraints)) return choiceOf(task, cells.with(stage, cell));
				const changed = difference(counts, costs.of(stage, cells[stage]!), costs.of(stage, cell));
				return rated(task, cells.with(stage, cell), changed);
			});
	});
}

/** `total` with `added` in the place of `removed`. */
function difference(total: BoundedCounts, removed: PartCounts, added: PartCounts): BoundedCounts {
	const changed = (name: keyof PartCounts) => total[name]! - removed[name] + added[name];
	return {
		...(total.depth !== undefined && { depth: changed("depth") }),
		parameterCount: changed("parameterCount"),
		macCount: changed("macCount"),
		flopCount: changed("flopCount"),
		layerCount: changed("layerCount"),
	};
}

/** Counts of each stage of a sequence with any cell, each computed once. */
class StageCosts {
	readonly #stages: readonly MacroStage[];
	readonly #inputs: readonly StageInput[];
	readonly #known = new Map<string, PartCounts>();

	constructor({ sequence, target }: CellFitTask) {
		const stages = stridedStages(sequence.stages, target);
		this.#stages = stages;
		let input = afterStem(stages[0]!.channels, target);
		this.#inputs = stages.map((stage) => {
			const own = input;
			input = afterStage(stage, input);
			return own;
		});
	}

	of(stage: number, cell: Cell): PartCounts {
		const key = `${stage} ${cell.hash}`;
		const known = this.#known.get(key) ?? this.#count(stage, cell);
		this.#known.set(key, known);
		return known;
	}

	#count(stage: number, cell: Cell): PartCounts {
		return countStage({ ...this.#stages[stage]!, cell }, this.#inputs[stage]!);
	}
}
