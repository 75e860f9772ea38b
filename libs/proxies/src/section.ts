import {
	type Layer,
	type LossKind,
	lossOf,
	type NetworkGraph,
	type Section,
	type Value,
} from "@archgen/search-space";

/**
 * A section of a network cut loose from it: layers with names relative to the section and values numbered from 0 (its
 * input). Instances of one cell at the same size are equal up to their prefix, and so share everything compiled for them.
 */
export interface DetachedSection {
	/** Equal for sections that compute the same function of their input and weights. */
	readonly key: string;
	readonly kind: Section["kind"];
	/** What to put before a relative name to get the name in the network. */
	readonly prefix: string;
	readonly layers: readonly Layer[];
	readonly values: readonly Value[];
	readonly output: number;
	/** Loss of a head that is no classifier's; cross-entropy unless given. */
	readonly loss?: LossKind;
}

/** The sections of a network in order. */
export function detachSections(graph: NetworkGraph): DetachedSection[] {
	return graph.sections.map((section) => detach(graph, section));
}

function detach(graph: NetworkGraph, section: Section): DetachedSection {
	const prefix = `${section.name}.`;
	const ids = new Map([[section.input, 0]]);
	const values = [graph.values[section.input]!];
	const renumber = (id: number) => {
		const known = ids.get(id);
		if (known !== undefined) return known;
		values.push(graph.values[id]!);
		ids.set(id, values.length - 1);
		return values.length - 1;
	};
	const layers = graph.layers.slice(section.firstLayer, section.endLayer).map((layer) => ({
		...layer,
		name: layer.name.slice(prefix.length),
		inputs: layer.inputs.map(renumber),
		output: renumber(layer.output),
	}));
	const output = renumber(section.output);
	const loss =
		section.kind === "head" && graph.task ? lossOf(graph.task, values[output]!.channels) : undefined;
	const key = JSON.stringify([section.kind, output, values, layers, loss]);
	return { key, kind: section.kind, prefix, layers, values, output, ...(loss && { loss }) };
}
