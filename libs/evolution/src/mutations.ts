import { cellCount, roundChannels } from "@archgen/design";
import type { Random } from "@archgen/random";
import { NETWORK_LIMITS, REPEAT_CHANGES, WIDTH_FACTORS } from "@archgen/search-space";
import type { DraftDesign, DraftStage } from "./design.js";

/** Exploration may change clusters; exploitation refines the networks found. */
export type Phase = "exploration" | "exploitation";
export type MutationKind = "cell" | "cluster" | "channels" | "stride" | "repeats" | "finalChannels";

/** One applied mutation; `stage` is its position in the design that it was applied to, null where it concerns the whole design. */
export interface Mutation {
	readonly kind: MutationKind;
	readonly stage: number | null;
}

/** Surroundings of a mutated stage. */
export interface MutationContext {
	readonly phase: Phase;
	readonly random: Random;
	/** Number of clusters K. */
	readonly clusters: number;
	/** Largest number of repeats that this stage and its remainder may have together: the other stages keep theirs. */
	readonly room: number;
	/** The design that is mutated. */
	readonly parent: DraftDesign;
}

type MutationSpec = { readonly phases: readonly Phase[] } & (
	| { readonly stage: (stage: DraftStage, context: MutationContext) => Partial<DraftStage> }
	/** The stages that take the place of one: none, one or more. */
	| { readonly stages: (stage: DraftStage, context: MutationContext) => readonly DraftStage[] }
	| { readonly design: (design: DraftDesign, random: Random) => Partial<DraftDesign> }
);

/** Everything that can happen to a child, by kind, in the order in which it is applied. */
export type MutationTable = Readonly<Partial<Record<MutationKind, MutationSpec>>>;

const BOTH: readonly Phase[] = ["exploration", "exploitation"];

function scaledWidth(width: number, random: Random): number {
	const { multipleOf } = NETWORK_LIMITS.channels;
	const scaled = width * random.pick(WIDTH_FACTORS);
	return roundChannels(Math.floor(scaled / multipleOf) * multipleOf);
}

/** Changes the repeats of a stage: at 0 the stage goes, beyond 4 the rest becomes a new stage of stride 1 behind it. */
function changeRepeats(stage: DraftStage, { random, room, parent }: MutationContext): readonly DraftStage[] {
	const wanted = Math.min(room, stage.repeats + random.pick(REPEAT_CHANGES));
	if (wanted <= 0) return parent.stages.length === 1 ? [{ ...stage, repeats: 1 }] : [];
	const { maximum } = NETWORK_LIMITS.repeats;
	const rest = wanted - maximum;
	if (rest <= 0) return [{ ...stage, repeats: wanted }];
	return [
		{ ...stage, repeats: maximum },
		{ ...stage, stride: 1, repeats: rest },
	];
}

/**
 * HL-Evo's mutations as the authors' program has them. A new cell is drawn from the stage's cluster while the search explores, and
 * is a synonym of the stage's own cell afterwards.
 */
export const MUTATIONS = {
	repeats: { phases: BOTH, stages: changeRepeats },
	cell: {
		phases: BOTH,
		stage: ({ cell }, { phase }) =>
			phase === "exploitation" && cell !== null ? { cell: null, reference: cell } : { cell: null },
	},
	cluster: {
		phases: ["exploration"],
		stage: (_, { random, clusters }) => ({ cluster: random.integer(clusters), cell: null }),
	},
	channels: {
		phases: BOTH,
		stage: ({ channels }, { random }) => ({ channels: scaledWidth(channels, random) }),
	},
	stride: { phases: BOTH, stage: (_, { random }) => ({ stride: random.pick([1, 2] as const) }) },
	finalChannels: {
		phases: BOTH,
		design: ({ finalChannels }, random) => ({ finalChannels: scaledWidth(finalChannels, random) }),
	},
} as const satisfies Record<MutationKind, MutationSpec>;

/** The paper's text: cells are drawn from the mean of the stage's cluster in both phases. */
export const CLUSTER_MEAN_MUTATIONS: MutationTable = {
	...MUTATIONS,
	cell: { phases: BOTH, stage: () => ({ cell: null }) },
};

const KINDS = Object.keys(MUTATIONS) as MutationKind[];

/** A mutated design with its mutations in the order in which they were applied. */
export interface MutatedDesign {
	readonly design: DraftDesign;
	readonly mutations: readonly Mutation[];
}

/** Draws which of the allowed kinds act on a stage. */
export type KindChoice = (kinds: readonly MutationKind[], random: Random) => readonly MutationKind[];

/**
 * A child as the authors' program makes it: a random non-empty subset of the kinds that the phase allows acts on one uniformly drawn
 * stage.
 */
export function mutate(
	parent: DraftDesign,
	phase: Phase,
	clusters: number,
	random: Random,
	table: MutationTable = MUTATIONS,
	choose: KindChoice = nonEmptySubset,
): MutatedDesign {
	const kinds = KINDS.filter((kind) => table[kind]?.phases.includes(phase));
	const at = random.integer(parent.stages.length);
	const others = cellCount(parent.stages) - parent.stages[at]!.repeats;
	const room = NETWORK_LIMITS.cells.maximum - others;
	const context: MutationContext = { phase, random, clusters, room, parent };
	const mutations: Mutation[] = [];
	let { finalChannels } = parent;
	let pieces: readonly DraftStage[] = [parent.stages[at]!];
	for (const kind of choose(kinds, random)) {
		const spec: MutationSpec = table[kind]!;
		mutations.push({ kind, stage: "design" in spec ? null : at });
		if ("design" in spec) finalChannels = spec.design(parent, random).finalChannels ?? finalChannels;
		else if ("stages" in spec) pieces = pieces.flatMap((piece) => spec.stages(piece, context));
		else pieces = pieces.map((piece, i) => (i === 0 ? { ...piece, ...spec.stage(piece, context) } : piece));
	}
	return { design: { stages: parent.stages.toSpliced(at, 1, ...pieces), finalChannels }, mutations };
}

/** At most this many single mutations make one child of {@link mutateLightly}. */
const MAX_MUTATIONS = 4;

/**
 * A child that is nearer to its parent: one mutation of one stage, a second one with probability ½, a third with ¼, at most four.
 *
 * @param choose draws the one kind of each mutation, uniformly unless given
 */
export function mutateLightly(
	parent: DraftDesign,
	phase: Phase,
	clusters: number,
	random: Random,
	table: MutationTable = MUTATIONS,
	choose: KindChoice = (kinds) => [random.pick(kinds)],
): MutatedDesign {
	const mutations: Mutation[] = [];
	let design = parent;
	do {
		const next = mutate(design, phase, clusters, random, table, choose);
		mutations.push(...next.mutations);
		design = next.design;
	} while (mutations.length < MAX_MUTATIONS && random.uniform() < 0.5);
	return { design, mutations };
}

/** Each of the non-empty subsets with the same probability, in the order of the kinds. */
function nonEmptySubset<T>(kinds: readonly T[], random: Random): readonly T[] {
	const chosen = 1 + random.integer(2 ** kinds.length - 1);
	return kinds.filter((_, i) => (chosen >> i) & 1);
}
