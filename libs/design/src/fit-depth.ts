import { type Cell, countStage, type Target } from "@archgen/search-space";
import { countBounded } from "./constraints.js";
import { MACRO_LIMITS, type MacroStage, networkOf } from "./macro-sequence.js";

/** A sequence with its cells. */
export interface FilledSequence<S extends MacroStage = MacroStage> {
	readonly sequence: { readonly stages: readonly S[]; readonly finalChannels: number };
	/** One for each stage. */
	readonly cells: readonly Cell[];
}

/** What a sequence may be as deep as. */
export interface DepthTask<S extends MacroStage = MacroStage> {
	readonly target: Target;
	/** Convolutions and linear layers on the longest way; no bound unless given. */
	readonly maxDepth?: number;
	/** Cells that may take the place of a stage's own; none unless given. */
	readonly alternatives?: (stage: S) => readonly Cell[];
}

/**
 * A sequence without what makes it deeper than allowed. Until the bound holds, stages of most repeats lose one, the last first, then stages that
 * do not stride go, those of the deepest cells first, and at last the deepest cells are replaced by the shallowest of their alternatives. What the other bounds
 * allow can then go into widths.
 *
 * @returns the sequence as it is where it is shallow enough, or the shallowest that there is where that is too deep still
 */
export function fitDepth<S extends MacroStage>(
	written: FilledSequence<S>,
	task: DepthTask<S>,
): FilledSequence<S> {
	let filled = written;
	while (isTooDeep(filled, task)) {
		const next = withoutRepeat(filled) ?? withoutStage(filled) ?? withShallowerCell(filled, task);
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
	return countBounded(networkOf(sequence, cells, target), { maxDepth }).depth! > maxDepth;
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

function withoutStage<S extends MacroStage>({
	sequence,
	cells,
}: FilledSequence<S>): FilledSequence<S> | undefined {
	const at = deepest(cells, (_, i) => sequence.stages[i]!.stride === 1 && cells.length > 1);
	if (at === undefined) return undefined;
	return {
		sequence: { ...sequence, stages: sequence.stages.toSpliced(at, 1) },
		cells: cells.toSpliced(at, 1),
	};
}

function withShallowerCell<S extends MacroStage>(
	{ sequence, cells }: FilledSequence<S>,
	{ alternatives = () => [] }: DepthTask<S>,
): FilledSequence<S> | undefined {
	const others = sequence.stages.map(
		(stage) => alternatives(stage).toSorted((a, b) => depthOf(a) - depthOf(b))[0],
	);
	const at = deepest(cells, (cell, i) => others[i] !== undefined && depthOf(others[i]) < depthOf(cell));
	return at === undefined ? undefined : { sequence, cells: cells.with(at, others[at]!) };
}

/** Place of the deepest cell that may go. */
function deepest(cells: readonly Cell[], may: (cell: Cell, at: number) => boolean): number | undefined {
	const places = cells.flatMap((cell, i) => (may(cell, i) ? [i] : []));
	return places.sort((a, b) => depthOf(cells[b]!) - depthOf(cells[a]!))[0];
}

/** Convolutions on the longest way through one cell. */
function depthOf(cell: Cell): number {
	const channels = MACRO_LIMITS.channelStep;
	return countStage({ cell, channels, stride: 1, repeats: 1 }, { channels, height: 1, width: 1 }).depth;
}
