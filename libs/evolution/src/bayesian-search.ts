import { ACQUISITIONS, fitGaussianProcess, normalScores } from "@archgen/bayesian-optimization";
import type { Random } from "@archgen/random";
import { changedCells, randomStart } from "./cell-evolution.js";
import type { MacroDesign } from "./design.js";
import { designFeatures, featureDistance } from "./design-features.js";
import type { Mutation } from "./mutations.js";
import { type Member, Population, retireWorst } from "./population.js";
import type { Draft, SearchStrategy, SearchView } from "./strategies.js";

/** Designs that the surrogate is conditioned on: the best ones. */
const POPULATION = 128;
/** Random designs that the search begins with. */
const INITIAL = 50;
/** Designs among which the acquisition function chooses. */
const CANDIDATES = 48;
/** Best designs whose children are candidates. */
const PARENTS = 16;
/** Draws for a candidate within the bounds before it is done without. */
const MOST_TRIES = 4;

interface Scored {
	readonly parent: number;
	readonly mutations: readonly Mutation[];
	readonly design: MacroDesign;
	readonly worth: number;
}

/**
 * Bayesian optimisation: after random designs, the child of one of the best designs of which a Gaussian process over features of the designs expects the largest
 * improvement. Children are made as in `CELL_EVOLUTION`, and are within the bounds before they are compared. The surrogate follows from the population and each
 * proposal draws from its own stream, so a search is resumed as any other.
 */
export const BAYESIAN_SEARCH: SearchStrategy = {
	name: "bo/1",
	populationSize: POPULATION,
	explorationShare: 1,
	needsStart: false,
	survivors: (capacity) => new Population(capacity, retireWorst),
	propose: (view, random) =>
		view.begun < INITIAL || view.members.length === 0
			? randomStart(view, random)
			: (mostPromising(view, random) ?? randomStart(view, random.fork("start"))),
};

function mostPromising(view: SearchView, random: Random): Draft | undefined {
	const { members, designOf } = view;
	const values = normalScores(members.map(({ score }) => score));
	const points = members.map(({ index }) => designFeatures(designOf(index)));
	const surrogate = fitGaussianProcess({ points, values }, featureDistance(points));
	const context = { best: Math.max(...values), beta: 1, random };
	const parents = [...members].sort((a, b) => b.score - a.score).slice(0, PARENTS);
	let best: Scored | undefined;
	for (let i = 0; i < CANDIDATES; i++) {
		const child = childWithinBounds(view, random.pick(parents), random.fork(`candidate-${i}`));
		if (child === undefined) continue;
		const worth = ACQUISITIONS.ei(surrogate.at(designFeatures(child.design)), context);
		if (best === undefined || worth > best.worth) best = { ...child, worth };
	}
	return best && { parent: best.parent, mutations: best.mutations, design: best.design };
}

function childWithinBounds(
	view: SearchView,
	parent: Member,
	random: Random,
): Omit<Scored, "worth"> | undefined {
	for (let i = 0; i < MOST_TRIES; i++) {
		const { mutations, versions } = changedCells(view, parent, random.fork(i));
		for (const design of versions)
			if (view.isWithinBounds(design)) return { parent: parent.index, mutations, design };
	}
	return undefined;
}
