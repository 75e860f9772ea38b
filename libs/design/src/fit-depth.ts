import {
	type Cell,
	countStage,
	layerDepth,
	lowerNetwork,
	missingHalvings,
	type PartCounts,
	type Target,
} from "@archgen/search-space";
import { MACRO_LIMITS, type MacroStage, networkOf } from "./macro-sequence.js";

/** A sequence with its cells. */
export interface FilledSequence<S extends MacroStage = MacroStage> {
	readonly sequence: { readonly stages: readonly S[]; readonly finalChannels: number };
	/** One for each stage. */
	readonly cells: readonly Cell[];
}

/** How deep a sequence may be, and what may take the place of its cells. */
export interface DepthTask<S extends MacroStage = MacroStage> {
	readonly target: Target;
	/** Convolutions and linear layers on the longest way; no bound unless given. */
	readonly maxDepth?: number;
	/** Cells that may take the place of a stage's own; none unless given. */
	readonly alternatives?: (stage: S) => readonly Cell[];
}

/**
 * A sequence without what makes it deeper than allowed. Until the bound holds, stages of most repeats lose one, the last first; then the deepest cells are
 * replaced by shallower alternatives, those of the most layers for their depth; at last stages go, those of the deepest cells first, and those that stride behind all others. What the
 * other bounds allow can then go into widths.
 *
 * @returns the sequence as it is where it is shallow enough, or the shallowest that there is where that is too deep still
 */
export function fitDepth<S extends MacroStage>(
	written: FilledSequence<S>,
	task: DepthTask<S>,
): FilledSequence<S> {
	let filled = written;
	while (isTooDeep(filled, task)) {
		const next = withoutRepeat(filled) ?? withShallowerCell(filled, task) ?? withoutStage(filled, task);
		if (next === undefined) break;
		filled = next;
	}
	return filled;
}

function isTooDeep<S extends MacroStage>(
	{ sequence, cells }: FilledSequence<S>,
	{ target, maxDepth }: DepthTask<S>,
): boolean {
	if (maxDepth === undefined) return false;
	return layerDepth(lowerNetwork(networkOf(sequence, cells, target))) > maxDepth;
}

function withoutRepeat<S extends MacroStage>({
	sequence,
	cells,
}: FilledSequence<S>): FilledSequence<S> | undefined {
	const { stages } = sequence;
	const most = Math.max(...stages.map(({ repeats }) => repeats));
	if (most === 1) return undefined;
	const at = stages.findLastIndex(({ repeats }) => repeats === most);
	const shorter = stages.with(at, { ...stages[at]!, repeats: most - 1 });
	return { sequence: { ...sequence, stages: shorter }, cells };
}

function withoutStage<S extends MacroStage>(
	{ sequence, cells }: FilledSequence<S>,
	{ target }: DepthTask<S>,
): FilledSequence<S> | undefined {
	const { stages } = sequence;
	const without = (i: number) => stages.toSpliced(i, 1);
	const mayGo = (i: number) =>
		stages.length > 1 && missingHalvings(without(i), target) <= missingHalvings(stages, target);
	const at =
		deepest(cells, (_, i) => stages[i]!.stride === 1 && mayGo(i)) ?? deepest(cells, (_, i) => mayGo(i));
	if (at === undefined) return undefined;
	return { sequence: { ...sequence, stages: without(at) }, cells: cells.toSpliced(at, 1) };
}

function withShallowerCell<S extends MacroStage>(
	{ sequence, cells }: FilledSequence<S>,
	{ alternatives = () => [] }: DepthTask<S>,
): FilledSequence<S> | undefined {
	const others = sequence.stages.map((stage, i) => {
		const shallower = alternatives(stage).filter((cell) => measured(cell).depth < measured(cells[i]!).depth);
		return shallower.toSorted((a, b) => density(b) - density(a))[0];
	});
	const at = deepest(cells, (_, i) => others[i] !== undefined);
	return at === undefined ? undefined : { sequence, cells: cells.with(at, others[at]!) };
}

/** Layers for each layer of depth: branches side by side give a cell its layers without making it deep. */
function density(cell: Cell): number {
	const { layerCount, depth } = measured(cell);
	return layerCount / depth;
}

/** Place of the deepest cell that may go. */
function deepest(cells: readonly Cell[], may: (cell: Cell, at: number) => boolean): number | undefined {
	const places = cells.flatMap((cell, i) => (may(cell, i) ? [i] : []));
	return places.sort((a, b) => measured(cells[b]!).depth - measured(cells[a]!).depth)[0];
}

/** What is known of cells: fitting looks at the same ones again and again. */
const known = new WeakMap<Cell, PartCounts>();

/** Counts of one cell alone. */
function measured(cell: Cell): PartCounts {
	const channels = MACRO_LIMITS.channelStep;
	const counts =
		known.get(cell) ??
		countStage({ cell, channels, stride: 1, repeats: 1 }, { channels, height: 1, width: 1 });
	known.set(cell, counts);
	return counts;
}
