import { type Counts, countLayers, sumCounts } from "./counting.js";
import { layerDepth } from "./depth.js";
import type { Value } from "./layer.js";
import { LayerBuilder } from "./layer-builder.js";
import { planSections, type SectionPlan } from "./lower-network.js";
import { imageMap } from "./macro-network.js";
import type { Network } from "./network.js";

interface CountedSection {
	readonly counts: Counts;
	readonly depth: number;
	/** The map that the next section reads. */
	readonly output: Value;
}

/** Counts networks that have sections in common, e.g. one in several widths: each section is lowered when it is first met. */
export class SectionCounter {
	readonly #known = new Map<string, CountedSection>();

	/** What `countLayers` and `layerDepth` say of `lowerNetwork(network)`. */
	count(network: Network): Counts & { readonly depth: number } {
		const sections: CountedSection[] = [];
		for (const plan of planSections(network)) {
			sections.push(this.#section(plan, sections.at(-1)?.output ?? imageMap(network.input)));
		}
		const counts = sumCounts(sections.map((section) => section.counts));
		// Every section has one way in and one out, so the longest way through all is that through each.
		return { ...counts, depth: sections.reduce((sum, { depth }) => sum + depth, 0) };
	}

	#section({ key, emit }: SectionPlan, input: Value): CountedSection {
		const place = `${key}/${input.channels}/${input.height}/${input.width}`;
		const known = this.#known.get(place);
		if (known !== undefined) return known;
		const builder = new LayerBuilder();
		const from = builder.input(input);
		const graph = builder.build(from, emit(builder, from));
		const output = graph.values[graph.output]!;
		const section = { counts: countLayers(graph), depth: layerDepth(graph), output };
		this.#known.set(place, section);
		return section;
	}
}
