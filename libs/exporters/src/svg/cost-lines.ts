import { countLayers, type NetworkGraph, type Section } from "@archgen/search-space";
import { percent, short } from "@archgen/text";

/** What some sections of a network cost together, and their share of its flopCount, in two short lines. */
export function costLines(graph: NetworkGraph, sections: readonly Section[]): string[] {
	const layers = sections.flatMap(({ firstLayer, endLayer }) => graph.layers.slice(firstLayer, endLayer));
	const { parameterCount, macCount, flopCount } = countLayers({ ...graph, layers });
	const share = flopCount / Math.max(1, countLayers(graph).flopCount);
	return [
		`${short(parameterCount)} parameters, ${short(macCount)} MACs`,
		`flopCount ${short(flopCount)}, ${percent(share)}`,
	];
}
