import type { ArchitectureSpaceName } from "@archgen/search-space";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";

/** Things that a generator makes. */
export type GeneratorOutput = "cells" | "sequences" | "architectures";

/** How a kind of generator is kept in a bundle. */
interface GeneratorKindSpec {
	readonly makes: GeneratorOutput;
	/** Name of such a generator in a bundle; that of the kind unless given. */
	readonly name?: string;
	/** Space of its products; undefined where each generator names its own. */
	readonly space: ArchitectureSpaceName | undefined;
	/** Files and folders of the bundle that it is loaded from. */
	readonly parts: readonly string[];
	/** Files and folders that it uses where they are there. */
	readonly optionalParts?: readonly string[];
	/** Training stages whose metrics (`STAGE.NAME`) and records are those of the generator. */
	readonly stages: readonly string[];
}

/** Parts of a bundle that give cells and clusters their zero-cost vectors. */
const VECTORS = [BUNDLE_LAYOUT.gvae, BUNDLE_LAYOUT.mixture, BUNDLE_LAYOUT.standardizer] as const;

/**
 * Every kind of generator. A new kind is a line here; the tables of loaders (`cell-generators.ts` in `pipeline` and in the orchestrator) then do not
 * compile before they have one for it.
 */
export const GENERATOR_KINDS = {
	/** Flow over the latents of a graph auto-encoder. */
	flow: {
		makes: "cells",
		space: "cells",
		parts: [BUNDLE_LAYOUT.gvae, BUNDLE_LAYOUT.ccnf, BUNDLE_LAYOUT.mixture, BUNDLE_LAYOUT.standardizer],
		stages: ["mixture", "gvae", "ccnf"],
	},
	/** Score-based diffusion over the nodes and edges of cells, under a zero-cost vector. */
	"score-cells": {
		makes: "cells",
		name: "score",
		space: "cells",
		parts: [BUNDLE_LAYOUT.scoreCells, ...VECTORS],
		stages: ["score-cells"],
	},
	/** Discrete diffusion over the nodes and edges of cells, under a zero-cost vector. */
	"discrete-cells": {
		makes: "cells",
		name: "discrete",
		space: "cells",
		parts: [BUNDLE_LAYOUT.discreteCells, ...VECTORS],
		stages: ["discrete-cells"],
	},
	/** Uniformly random cells: the baseline, in every release without a file. */
	random: { makes: "cells", space: "cells", parts: [], stages: [] },
	/** Transformer that writes macro sequences. */
	"gpt-neo": {
		makes: "sequences",
		space: "hierarchical",
		parts: [BUNDLE_LAYOUT.seqgen, BUNDLE_LAYOUT.clusterCells],
		stages: ["histories", "seqgen", "refresh"],
	},
	/** Score-based diffusion over node operations, with the predictors that guide it. */
	score: {
		makes: "architectures",
		space: undefined,
		parts: [BUNDLE_LAYOUT.score],
		optionalParts: [BUNDLE_LAYOUT.predictors],
		stages: ["score", "predictors"],
	},
	/** Discrete diffusion over nodes and edges, led by conditions; predictors tell whether a sample meets a bound. */
	discrete: {
		makes: "architectures",
		space: undefined,
		parts: [BUNDLE_LAYOUT.discrete],
		optionalParts: [BUNDLE_LAYOUT.predictors],
		stages: ["discrete", "predictors"],
	},
} as const satisfies Readonly<Record<string, GeneratorKindSpec>>;

/** Name of a kind of generator. */
export type GeneratorKind = keyof typeof GENERATOR_KINDS;

/** Kinds of generators that make a given output. */
export type KindOf<O extends GeneratorOutput> = {
	[K in GeneratorKind]: (typeof GENERATOR_KINDS)[K]["makes"] extends O ? K : never;
}[GeneratorKind];

/** The specification of a kind. */
export function kindSpec(kind: GeneratorKind): GeneratorKindSpec {
	return GENERATOR_KINDS[kind];
}
