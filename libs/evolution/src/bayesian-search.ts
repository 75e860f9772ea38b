import { ACQUISITIONS, fitGaussianProcess, normalScores } from "@archgen/bayesian-optimization";
import type { Random } from "@archgen/random";
import { bestChild, randomStart } from "./cell-evolution.js";
import type { MacroDesign } from "./design.js";
import { designFeatures, featureDistance } from "./design-features.js";
import { Population, retireWorst } from "./population.js";
import type { Draft, SearchStrategy, SearchView } from "./strategies.js";

/** Designs that the surrogate is conditioned on: the best ones. */
const POPULATION = 128;
/** Random designs that the search begins with. */
const INITIAL = 50;
/** Designs among which the acquisition function chooses. */
const CANDIDATES = 48;
/** Best designs whose children are candidates. */
const PARENTS = 16;

/**
 * Bayesian optimisation: after random designs, the child of one of the best designs of which a Gaussian process over features of the designs expects the largest
 * improvement. Children are made as in `CELL_EVOLUTION`, and are within the bounds before they are compared. The surrogate follows from the population and each
 * proposal draws from its own stream, so a search is resumed as any other.
 */
export const BAYESIAN_SEARCH: SearchStrategy = {
	name: "bo/2",
	populationSize: POPULATION,
	explorationShare: 1,
	needsStart: false,
	survivors: (capacity) => new Population(capacity, retireWorst),
	propose: async (view, random) =>
		view.begun < INITIAL || view.members.length === 0
			? randomStart(view, random)
			: ((await mostPromising(view, random)) ?? randomStart(view, random.fork("start"))),
};

function mostPromising(view: SearchView, random: Random): Promise<Draft | undefined> {
	const { members, designOf } = view;
	const values = normalScores(members.map(({ score }) => score));
	const points = members.map(({ index }) => designFeatures(designOf(index)));
	const surrogate = fitGaussianProcess({ points, values }, featureDistance(points));
	const context = { best: Math.max(...values), beta: 1, random };
	const parents = [...members].sort((a, b) => b.score - a.score).slice(0, PARENTS);
	const choice = {
		children: CANDIDATES,
		parent: (own: Random) => own.pick(parents),
		worth: (design: MacroDesign) => ACQUISITIONS.ei(surrogate.at(designFeatures(design)), context),
	};
	return bestChild(view, choice, random);
}
