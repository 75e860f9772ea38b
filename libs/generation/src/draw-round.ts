import { setImmediate } from "node:timers/promises";
import {
	type CellFailure,
	type CellGenerator,
	cellRequestOf,
	isCellFailure,
	type MacroSequence,
	type MacroStage,
	type SequenceGenerator,
} from "@archgen/design";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import { assemble, type Candidate, type Dropped, type Rejection } from "./candidate.js";
import { conditionOf, guidingBounds } from "./condition.js";
import type { ResolvedRequest } from "./request.js";
import type { Step } from "./result.js";

const COUNTED_AT_ONCE = 16;

/** Cells of a kind that are tried in the place of one that does not fit: counting one takes a tenth of a millisecond. */
const ALTERNATIVES = 8;

export interface RoundPlan {
	readonly round: number;
	/** Networks wanted. */
	readonly count: number;
	/** See `conditionOf`. */
	readonly aim: number;
}

/** Runs a step and keeps its time. */
export type Timed = <T>(step: Step, body: () => Promise<T>) => Promise<T>;

type Draw = Candidate | Dropped;

/**
 * One round: sequences, then one batched draw of the cells of all stages of all candidates, then exact counts.
 * Gives at most `count` draws; none when the source has no sequence.
 */
export async function drawRound(
	request: ResolvedRequest,
	{ round, count, aim }: RoundPlan,
	sources: {
		readonly sequences: SequenceGenerator;
		readonly synonyms: CellGenerator;
		readonly reject?: Rejection;
	},
	timed: Timed,
	signal?: AbortSignal,
): Promise<readonly Draw[]> {
	const seeds = createRandom(request.seed).fork(`round/${round}`);
	const { temperature, sequenceTemperature, drawsPerSequence } = request;
	const wanted = Math.ceil(count / drawsPerSequence);
	const asked = { condition: conditionOf(request, aim), constraints: guidingBounds(request, aim) };
	const sampled = await timed("sequences", () =>
		sources.sequences.sample(
			{
				...{ ...asked, count: wanted, temperature: sequenceTemperature },
				seed: seedOf(seeds.fork("sequences")),
			},
			signal,
		),
	);
	throwIfAborted(signal);
	const plans = spread(distinct(sampled), count, round);
	if (plans.length === 0) return [];
	const stages = plans.flatMap(({ sequence }) => sequence.stages);
	const cells = await timed("cells", () =>
		sources.synonyms.sample(stages.map(cellRequestOf), createRandom(seedOf(seeds.fork("cells"))), {
			temperatures: { means: temperature, synonyms: temperature },
			signal,
		}),
	);
	throwIfAborted(signal);
	if (cells.length !== stages.length) throw contractBroken(cells.length, stages.length);
	const task = { ...request, alternatives: alternativesOf(stages, cells), reject: sources.reject };
	return timed("counting", async () => {
		const draws: Draw[] = [];
		let next = 0;
		for (const provenance of plans) {
			// Counting a thousand networks takes half a second: let other work run in between.
			if (draws.length % COUNTED_AT_ONCE === 0) await setImmediate();
			throwIfAborted(signal);
			const own = cells.slice(next, next + provenance.sequence.stages.length);
			next += own.length;
			draws.push(assemble(provenance, own, task));
		}
		return draws;
	});
}

/** The first distinct cells drawn for each kind in this round, for networks whose own cells do not fit their bounds. */
function alternativesOf(
	stages: readonly MacroStage[],
	cells: readonly (Cell | CellFailure)[],
): (stage: MacroStage) => readonly Cell[] {
	const known = new Map<number | string, Map<string, Cell>>();
	const kindOf = ({ cluster, exemplar }: MacroStage) => exemplar?.hash ?? cluster;
	cells.forEach((cell, i) => {
		if (isCellFailure(cell)) return;
		const kind = kindOf(stages[i]!);
		const own = known.get(kind) ?? new Map<string, Cell>();
		if (own.size < ALTERNATIVES) known.set(kind, own.set(cell.hash, cell));
	});
	return (stage) => [...(known.get(kindOf(stage))?.values() ?? [])];
}

/** Greedy decoding repeats itself; each sequence is used once and drawn for more often instead. */
function distinct(sequences: readonly MacroSequence[]): MacroSequence[] {
	return [...new Map(sequences.map((sequence) => [JSON.stringify(sequence), sequence])).values()];
}

/** `count` draws dealt out to the sequences in turn. */
function spread(sequences: readonly MacroSequence[], count: number, round: number) {
	if (sequences.length === 0) return [];
	return Array.from({ length: count }, (_, i) => ({
		round,
		sequence: sequences[i % sequences.length]!,
		draw: Math.floor(i / sequences.length),
	}));
}

/** A 32-bit seed, which every source and protocol can carry. */
function seedOf(random: ReturnType<typeof createRandom>): number {
	return random.integer(2 ** 31);
}

function contractBroken(got: number, wanted: number): ArchgenError {
	return new ArchgenError({
		category: "INTERNAL",
		reason: "CELL_SOURCE_CONTRACT",
		message: `The source of cells gave ${got} for ${wanted} stages.`,
	});
}
