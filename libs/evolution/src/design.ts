import {
	type Cell,
	countLayerMemory,
	layerDepth,
	lowerNetwork,
	macroNetwork,
	type Network,
	type Stride,
	type Target,
} from "@archgen/search-space";

/** A stage as HL-Evo sees it: which cluster its cell was drawn from, and how the cell is used. */
export interface DesignStage {
	/** Cluster of the mixture, 0 … K − 1. */
	readonly cluster: number;
	/** Multiple of 8 in 8 … 1024. */
	readonly channels: number;
	readonly stride: Stride;
	/** 1 … 4. */
	readonly repeats: number;
	readonly cell: Cell;
}

/** A macro design: what is mutated. Stem and input follow from it and the target (`macroNetwork`). */
export interface MacroDesign {
	readonly stages: readonly DesignStage[];
	/** Width of the 1×1 convolution of the head, a multiple of 8 in 8 … 1024. */
	readonly finalChannels: number;
}

/** A stage that may still wait for its cell (`cell: null`): one of its cluster, or a synonym of `reference` where that is given. */
export type DraftStage = Omit<DesignStage, "cell"> & {
	readonly cell: Cell | null;
	readonly reference?: Cell;
};

/** A design whose stages may still wait for cells. */
export interface DraftDesign {
	readonly stages: readonly DraftStage[];
	readonly finalChannels: number;
}

/** The network of a design. */
export function designNetwork(design: MacroDesign, target: Target): Network {
	return macroNetwork(design.stages, design.finalChannels, target);
}

/** A design with depth and memory of its network, as conditions of sequences have them. */
export function withShape<T extends { readonly design: MacroDesign; readonly target: Target }>(record: T) {
	const graph = lowerNetwork(designNetwork(record.design, record.target));
	const { peakActivationBytesInt8 } = countLayerMemory(graph);
	return { ...record, depth: layerDepth(graph), peakActivationBytesInt8 };
}
