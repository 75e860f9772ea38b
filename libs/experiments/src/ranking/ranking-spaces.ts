import {
	type NetworkGraph,
	SEARCH_SPACES,
	type SpaceName,
	searchSpace,
	type Target,
} from "@archgen/search-space";

/** How the networks of a table with trained accuracies are written and scored. */
export interface RankingSpace {
	/** Column of the architecture; also the key of the space's JSON form. */
	readonly column: string;
	/** Columns of accuracies in order of preference, validation before test: one that the table has is the default target. */
	readonly targets: readonly string[];
	/** Images and classes that networks are scored with; smaller images than the benchmark's keep the order and cost less. */
	readonly task: Target;
	/** Rows of the table that the space does not hold, by the architecture's text. */
	readonly leaveOut?: { readonly matches: (text: string) => boolean; readonly why: string };
}

/** Spaces with a table format of their own. Adding one is one entry here. */
export const RANKING_SPACES = {
	nasbench201: { column: "arch", targets: ["c10_val", "c10_test"], task: SEARCH_SPACES.nasbench201.target },
	"nasbench-macro": {
		column: "choices",
		targets: ["mean_acc"],
		task: SEARCH_SPACES["nasbench-macro"].target,
	},
	mnasnet: {
		column: "blocks",
		targets: ["val_top1"],
		task: { size: 64, classes: 1000 },
		leaveOut: {
			matches: (text) => /^(e\dk\dl\ds?-)*e\dk\dl\ds?$/.test(text) && text.includes("s"),
			why: "with squeeze-and-excitation",
		},
	},
} as const satisfies Partial<Record<SpaceName, RankingSpace>>;

/** Name of a space that `validate ranking` reads tables of. */
export type RankingSpaceName = keyof typeof RANKING_SPACES;

export const RANKING_SPACE_NAMES = Object.keys(RANKING_SPACES) as readonly RankingSpaceName[];

/**
 * The layers of a network as it is scored.
 *
 * @param text the architecture as the table has it
 * @throws ArchgenError INVALID_ARGUMENT for a text that is no architecture of the space
 */
export function lowerRow(space: RankingSpaceName, text: string, task: Target): NetworkGraph {
	const { fromJson, lower } = searchSpace(space);
	return lower(fromJson({ [RANKING_SPACES[space].column]: text }), task);
}
