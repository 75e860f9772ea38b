import { setImmediate } from "node:timers/promises";
import { cellCount, roundChannels } from "@archgen/design";
import type { Random } from "@archgen/random";
import { type Cell, mutateCell, NETWORK_LIMITS } from "@archgen/search-space";
import { compensated } from "./compensate.js";
import type { DraftDesign, MacroDesign } from "./design.js";
import { type KindChoice, MUTATIONS, type Mutation, type MutationTable, mutateLightly } from "./mutations.js";
import { type Member, Population, retireOldest } from "./population.js";
import { bestOfSample, type Draft, type SearchStrategy, type SearchView } from "./strategies.js";

const POPULATION = 64;
const SAMPLE = 8;
/** Random designs that the search begins with. */
const INITIAL = 50;
/** Children of which the one that promises most is evaluated. */
const CHILDREN = 64;
/** Share of the mutations that concern a cell; the other kinds share the rest, and this one, equally. */
const CELL_SHARE = 0.4;
/** Share of the cell mutations that take over the cell of another stage. */
const COPY_SHARE = 0.3;

/** A cell after one edit (`mutateCell`), two with probability ½, three with ¼, … */
function edited(cell: Cell, random: Random): Cell {
	let result = cell;
	do result = mutateCell(result, random);
	while (random.uniform() < 0.5);
	return result;
}

const { cluster: _, ...MACRO } = MUTATIONS;

const TABLE: MutationTable = {
	...MACRO,
	cell: {
		phases: ["exploration"],
		// Designs that were evaluated have all their cells, and nothing here takes one away.
		stage: ({ cell }, { parent, random }) => ({
			cell: random.uniform() < COPY_SHARE ? random.pick(parent.stages).cell : edited(cell!, random),
		}),
	},
};

const chooseKind: KindChoice = (kinds, random) => [
	random.uniform() < CELL_SHARE ? "cell" : random.pick(kinds),
];

/** A random design of four to eight stages whose widths never fall, with cells of random clusters. */
function randomDesign(clusters: number, random: Random): DraftDesign {
	let width = 8 * (1 + random.integer(3));
	const stages = Array.from({ length: 4 + random.integer(5) }, (_, i) => {
		if (i > 0) width *= random.pick([1, 1.25, 1.5, 2]);
		return {
			cluster: random.integer(clusters),
			channels: roundChannels(width),
			stride: i === 0 ? (2 as const) : random.pick([1, 2] as const),
			repeats: 1 + random.integer(3),
			cell: null,
		};
	});
	while (cellCount(stages) > NETWORK_LIMITS.cells.maximum) stages.pop();
	return { stages, finalChannels: random.pick([64, 128, 256, 512]) };
}

const NARROWEST = NETWORK_LIMITS.channels.minimum;

/** A random design fitted to its bounds; where other stages cannot pay enough, all of it at the least width, then fewer stages of that. */
function* fittedStarts(design: MacroDesign, random: Random): Generator<MacroDesign> {
	yield* compensated(design, random);
	const narrow = design.stages.map((stage) => ({ ...stage, channels: NARROWEST, repeats: 1 }));
	for (let count = narrow.length; count > 0; count--)
		yield { stages: narrow.slice(0, count), finalChannels: NARROWEST };
}

/** A design, a random one unless given, that is fitted to its bounds. */
export function randomStart(
	{ clusters }: Pick<SearchView, "clusters">,
	random: Random,
	given?: MacroDesign,
): Draft {
	const design = given ?? randomDesign(clusters, random);
	return { parent: null, mutations: [], design, variants: (start) => fittedStarts(start, random) };
}

/** A child with edited or copied cells, as versions in which other stages pay for it. */
function changedCells(
	{ designOf, clusters }: Pick<SearchView, "designOf" | "clusters">,
	{ index }: Member,
	random: Random,
): {
	readonly mutations: readonly Mutation[];
	readonly design: MacroDesign;
	readonly versions: Iterable<MacroDesign>;
} {
	const parent = designOf(index);
	const mutated = mutateLightly(parent, "exploration", clusters, random, TABLE, chooseKind);
	// The parent has all its cells, and nothing in the table takes one away.
	const design = mutated.design as MacroDesign;
	return { mutations: mutated.mutations, design, versions: compensated(design, random) };
}

/** Draws for a child within the bounds before it is done without. */
const MOST_TRIES = 4;

/** How the best of several children is found. */
interface Choice {
	readonly children: number;
	/** Draws the parent of a child. */
	readonly parent: (random: Random) => Member;
	readonly worth: (design: MacroDesign) => number;
}

/**
 * Of several children with {@link changedCells} that are within the bounds the one of most worth that is new; undefined when none is within
 * them. One that is known is taken where all are: the search counts it as a duplicate.
 */
export async function bestChild(
	view: SearchView,
	{ children, parent, worth }: Choice,
	random: Random,
): Promise<Draft | undefined> {
	const made = [];
	for (let i = 0; i < children; i++) {
		// A child takes milliseconds; whatever else the process answers goes between.
		await setImmediate();
		const child = childWithinBounds(view, parent(random), random.fork(`candidate-${i}`));
		if (child !== undefined) made.push({ child, worth: worth(child.design) });
	}
	made.sort((a, b) => b.worth - a.worth);
	return (made.find(({ child }) => !view.isKnown(child.design)) ?? made[0])?.child;
}

function childWithinBounds(view: SearchView, parent: Member, random: Random) {
	for (let i = 0; i < MOST_TRIES; i++) {
		const { mutations, versions } = changedCells(view, parent, random.fork(i));
		for (const design of versions)
			if (view.isWithinBounds(design)) return { parent: parent.index, mutations, design };
	}
	return undefined;
}

/**
 * Ageing evolution (Real et al. 2019) on cells themselves: it begins with random designs that are fitted to their bounds, the cell of a
 * stage is edited or copied from another stage, and stages pay for each other's mutations (`compensated`). It needs a source of
 * cells for the beginning only. Where scores can be predicted without an evaluation, it evaluates the child that promises most of several (ADR 025).
 *
 * @param seeds designs to begin with instead of random ones; the last ones live longest
 */
export function cellEvolution(seeds: readonly MacroDesign[] = []): SearchStrategy {
	const initial = seeds.length > 0 ? seeds.length : INITIAL;
	return {
		name: seeds.length > 0 ? `cells/5 from ${seeds.length}` : "cells/5",
		populationSize: POPULATION,
		explorationShare: 1,
		needsStart: false,
		survivors: (capacity) => new Population(capacity, retireOldest),
		propose: async (view, random) => {
			const { members, begun, predict } = view;
			if (begun < initial || members.length === 0) return randomStart(view, random, seeds[begun]);
			const parent = (own: Random) => bestOfSample(members, SAMPLE, own);
			const best = predict && (await bestChild(view, { children: CHILDREN, parent, worth: predict }, random));
			return best ?? singleChild(view, parent(random), random);
		},
	};
}

/** A child without a choice: whatever of its versions meets the bounds. */
function singleChild(view: SearchView, parent: Member, random: Random): Draft {
	const { versions, ...child } = changedCells(view, parent, random);
	return { parent: parent.index, ...child, variants: () => versions };
}

/** {@link cellEvolution} from random designs. */
export const CELL_EVOLUTION = cellEvolution();
