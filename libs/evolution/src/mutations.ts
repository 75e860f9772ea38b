import type { Random } from "@archgen/random";
import { NETWORK_LIMITS } from "@archgen/search-space";
import type { DraftDesign } from "./design.js";
import { roundChannels } from "./macro-network.js";

/** First half of a search and its second half, which keeps the clusters. */
export type Phase = "exploration" | "exploitation";
export type MutationKind = "cell" | "cluster" | "channels" | "stride" | "repeats" | "finalChannels";

/** One applied mutation; `stage` is null where it concerns the whole design. */
export interface Mutation {
	readonly kind: MutationKind;
	readonly stage: number | null;
}

type DraftStage = DraftDesign["stages"][number];

/** What can happen to a child, by kind. */
export type MutationTable = Readonly<Partial<Record<MutationKind, MutationSpec>>>;

type MutationSpec = { readonly phases: readonly Phase[] } & (
	| { readonly stage: (stage: DraftStage, random: Random, clusters: number) => Partial<DraftStage> }
	| { readonly design: (design: DraftDesign, random: Random) => Partial<DraftDesign> }
);

/** Factors of a width. */
export const WIDTH_FACTORS = [2.5, 2, 1.5, 1.25, 0.8, 0.667, 0.5, 0.4] as const;

const BOTH: readonly Phase[] = ["exploration", "exploitation"];
const REPEATS = Array.from({ length: NETWORK_LIMITS.repeats.maximum }, (_, i) => i + 1);

function scaledWidth(width: number, random: Random): number {
	return roundChannels(width * random.pick(WIDTH_FACTORS));
}

/** A value of 0 … count − 1 other than `current`; `current` where there is no other. */
function another(current: number, count: number, random: Random): number {
	return count < 2 ? current : (current + 1 + random.integer(count - 1)) % count;
}

/** Algorithm 1's mutations. A new cell or cluster leaves the cell to be drawn from the cluster. */
export const MUTATIONS: Readonly<Record<MutationKind, MutationSpec>> = {
	cell: { phases: BOTH, stage: () => ({ cell: null }) },
	cluster: {
		phases: ["exploration"],
		stage: ({ cluster }, random, clusters) => ({ cluster: another(cluster, clusters, random), cell: null }),
	},
	channels: { phases: BOTH, stage: ({ channels }, random) => ({ channels: scaledWidth(channels, random) }) },
	stride: { phases: BOTH, stage: ({ stride }) => ({ stride: stride === 1 ? 2 : 1 }) },
	repeats: {
		phases: BOTH,
		stage: ({ repeats }, random) => ({ repeats: random.pick(REPEATS.filter((count) => count !== repeats)) }),
	},
	finalChannels: {
		phases: BOTH,
		design: ({ finalChannels }, random) => ({ finalChannels: scaledWidth(finalChannels, random) }),
	},
};

/** At most this many mutations make one child; each further one happens with probability ½. */
export const MAX_MUTATIONS = 4;

/**
 * A child: one or more mutations (one with probability ½, two with ¼, …), each of a uniformly drawn kind that the phase
 * allows, at a uniformly drawn stage.
 */
export function mutate(
	parent: DraftDesign,
	phase: Phase,
	clusters: number,
	random: Random,
	table: MutationTable = MUTATIONS,
): { readonly design: DraftDesign; readonly mutations: readonly Mutation[] } {
	const specs = (Object.entries(table) as [MutationKind, MutationSpec][]).filter(([, { phases }]) =>
		phases.includes(phase),
	);
	const mutations: Mutation[] = [];
	let design = parent;
	do {
		const [kind, spec] = random.pick(specs);
		if ("design" in spec) {
			design = { ...design, ...spec.design(design, random) };
			mutations.push({ kind, stage: null });
		} else {
			const at = random.integer(design.stages.length);
			const stages = design.stages.map((stage, i) =>
				i === at ? { ...stage, ...spec.stage(stage, random, clusters) } : stage,
			);
			design = { ...design, stages };
			mutations.push({ kind, stage: at });
		}
	} while (mutations.length < MAX_MUTATIONS && random.uniform() < 0.5);
	return { design, mutations };
}
