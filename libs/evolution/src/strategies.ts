import { roundChannels } from "@archgen/design";
import type { Random } from "@archgen/random";
import { NETWORK_LIMITS, type Target } from "@archgen/search-space";
import type { DraftDesign, MacroDesign } from "./design.js";
import {
	CLUSTER_MEAN_MUTATIONS,
	MUTATIONS,
	type Mutation,
	type MutationTable,
	mutate,
	mutateLightly,
	type Phase,
} from "./mutations.js";
import { ParetoPopulation, tournament } from "./pareto.js";
import { type Member, Population, retireOldest, retireWorst, type Survivors } from "./population.js";
import { startDraft, startVariants } from "./start.js";

/** What a strategy proposes next. */
export interface Draft {
	/** Record of the design that it was made from; null without one. */
	readonly parent: number | null;
	readonly mutations: readonly Mutation[];
	readonly design: DraftDesign;
	/** Versions of the finished design, of which the first that meets the constraints is taken; itself unless given. */
	readonly variants?: (design: MacroDesign) => Iterable<MacroDesign>;
}

/** Population of the paper. */
const PUBLISHED_POPULATION = 512;

/** What a strategy knows when it proposes. */
export interface SearchView {
	/** In the order of the strategy's survivors; empty before the first evaluation. */
	readonly members: readonly Member[];
	designOf(index: number): MacroDesign;
	/** Whether a design meets the constraints and limits of the search. */
	isWithinBounds(design: MacroDesign): boolean;
	/** Whether a design was proposed before: it would not be evaluated again. */
	isKnown(design: MacroDesign): boolean;
	/** What a design promises without an evaluation; absent where nothing is known. */
	readonly predict?: (design: MacroDesign) => number;
	/** Evaluations that have begun or ended. */
	readonly begun: number;
	readonly phase: Phase;
	readonly target: Target;
	/** Number of clusters K. */
	readonly clusters: number;
	/** Cluster of the starting design; drawn when undefined. */
	readonly startCluster: number | undefined;
}

/** A way of searching; the driver (`runEvolution`) is the same for all. */
export interface SearchStrategy {
	/**
	 * Identity of the way of searching, stored with checkpoints: a job resumes under the strategy it started with. It changes whenever
	 * the same seed would give another history.
	 */
	readonly name: string;
	/** Size of the population unless an option says otherwise. */
	readonly populationSize: number;
	/** Share of the evaluations that explore, 0 … 1. */
	readonly explorationShare: number;
	/** True when nothing can be proposed before the first design is evaluated. */
	readonly needsStart: boolean;
	/** Infeasible designs are evaluated and kept, up to twice a bound. */
	readonly keepsInfeasible?: boolean;
	readonly survivors: (capacity: number) => Survivors;
	propose(view: SearchView, random: Random): Draft | Promise<Draft>;
}

/** The best of a sample that is drawn with replacement. */
export function bestOfSample(members: readonly Member[], sampleSize: number, random: Random): Member {
	let best = random.pick(members);
	for (let i = 1; i < sampleSize; i++) {
		const rival = random.pick(members);
		if (rival.score > best.score) best = rival;
	}
	return best;
}

function start(view: SearchView, random: Random): Draft {
	const design = startDraft(view.target, view.clusters, random, view.startCluster);
	return { parent: null, mutations: [], design, variants: startVariants };
}

function child(view: SearchView, parent: number, phase: Phase, random: Random, table: MutationTable): Draft {
	return { parent, ...mutate(view.designOf(parent), phase, view.clusters, random, table) };
}

/** HL-Evo, Algorithm 1: a uniform parent, exploration then exploitation, the worst leaves. */
function hlEvo(name: string, explorationShare: number, table: MutationTable): SearchStrategy {
	return {
		name,
		populationSize: PUBLISHED_POPULATION,
		explorationShare,
		needsStart: true,
		survivors: (capacity) => new Population(capacity, retireWorst),
		propose: (view, random) =>
			view.members.length === 0
				? start(view, random)
				: child(view, random.pick(view.members).index, view.phase, random, table),
	};
}

/** Share of exploration in the authors' program: 3,000 of 20,000 evaluations. */
const EXPLORATION_SHARE = 0.15;

/** HL-Evo as the authors' program runs it: exploitation draws synonyms of the cells that were found. */
export const HL_EVO = hlEvo("hl-evo/2", EXPLORATION_SHARE, MUTATIONS);

/** HL-Evo as the paper's text has it: half the evaluations explore, exploitation draws from the means of the clusters. */
export const HL_EVO_MEANS = hlEvo("hl-evo-means/2", 0.5, CLUSTER_MEAN_MUTATIONS);

/**
 * Pareto mode: HL-Evo's mutations and phases with the selection of NSGA-II (Deb et al. 2002) over score and costs. Designs
 * outside the constraints are kept, marked, and dominated by every feasible one.
 */
export const PARETO: SearchStrategy = {
	name: "pareto/2",
	populationSize: PUBLISHED_POPULATION,
	explorationShare: EXPLORATION_SHARE,
	needsStart: true,
	keepsInfeasible: true,
	survivors: (capacity) => new ParetoPopulation(capacity),
	propose: (view, random) =>
		view.members.length === 0
			? start(view, random)
			: child(view, tournament(view.members, random).index, view.phase, random, MUTATIONS),
};

/** Ageing evolution (Real et al. 2019): the best of a random sample is the parent, the oldest leaves; no phases. */
export function ageingEvolution(sampleSize = 64): SearchStrategy {
	return {
		name: `ageing-${sampleSize}/2`,
		populationSize: PUBLISHED_POPULATION,
		explorationShare: 1,
		needsStart: true,
		survivors: (capacity) => new Population(capacity, retireOldest),
		propose: (view, random) => {
			if (view.members.length === 0) return start(view, random);
			const { index } = bestOfSample(view.members, sampleSize, random);
			return { parent: index, ...mutateLightly(view.designOf(index), "exploration", view.clusters, random) };
		},
	};
}

const MOST_RANDOM_STAGES = 8;

function logUniform(low: number, high: number, random: Random): number {
	return low * (high / low) ** random.uniform();
}

/**
 * Random search: one to eight stages with uniform cluster, stride and repeats. Widths are log-uniform below a log-uniform
 * ceiling, so that small budgets get their share of proposals.
 */
export const RANDOM_SEARCH: SearchStrategy = {
	name: "random/2",
	populationSize: PUBLISHED_POPULATION,
	explorationShare: 1,
	needsStart: false,
	survivors: (capacity) => new Population(capacity, retireOldest),
	propose: ({ clusters }, random) => {
		const { minimum, maximum } = NETWORK_LIMITS.channels;
		const ceiling = logUniform(minimum, maximum, random);
		const width = () => roundChannels(logUniform(minimum, ceiling, random));
		const stages = Array.from({ length: 1 + random.integer(MOST_RANDOM_STAGES) }, () => ({
			cluster: random.integer(clusters),
			channels: width(),
			stride: random.pick([1, 2] as const),
			repeats: 1 + random.integer(NETWORK_LIMITS.repeats.maximum),
			cell: null,
		}));
		return { parent: null, mutations: [], design: { stages, finalChannels: width() } };
	},
};
