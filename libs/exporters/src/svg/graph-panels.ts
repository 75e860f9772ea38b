import type { Layer, NetworkGraph, Section } from "@archgen/search-space";
import { costLines } from "./cost-lines.js";
import { framed, type Panel, sizes } from "./panel.js";

/** A run of sections that are drawn in one panel. */
interface Group {
	readonly title: string;
	readonly sections: Section[];
}

/** One panel for each section or, where names have several parts, for each group of sections such as `stages.2`. */
export function graphPanels(graph: NetworkGraph): Panel[] {
	const groups: Group[] = [];
	for (const section of graph.sections) {
		const parts = section.name.split(".");
		const title = parts.length > 2 ? parts.slice(0, -1).join(" ") : parts.join(" ");
		const last = groups.at(-1);
		if (last?.title === title) last.sections.push(section);
		else groups.push({ title, sections: [section] });
	}
	return groups.map(({ title, sections }) =>
		framed(heading(title), groupLines(graph, sections), { costs: costLines(graph, sections) }),
	);
}

function heading(title: string): string {
	return title[0]!.toUpperCase() + title.slice(1);
}

/** Sections one after another, equal neighbours as one with a factor. */
function groupLines(graph: NetworkGraph, sections: readonly Section[]): string[] {
	const blocks: { text: string; count: number }[] = [];
	for (const section of sections) {
		const text = [sectionTitle(graph, section), ...sectionLines(graph, section)].join("\n");
		const last = blocks.at(-1);
		if (last?.text === text) last.count++;
		else blocks.push({ text, count: 1 });
	}
	return blocks.flatMap(({ text, count }) => {
		const [title, ...lines] = text.split("\n");
		return [count === 1 ? title! : `${count} × ${title}`, ...lines];
	});
}

function sectionTitle(graph: NetworkGraph, section: Section): string {
	const [before, after] = [graph.values[section.input]!.channels, graph.values[section.output]!.channels];
	return `${before === after ? "" : `${before} → `}${after} channels, ${sizes(graph, section)}`;
}

/** A line for each layer with weights, followed by what has none up to the next. */
function sectionLines(graph: NetworkGraph, { firstLayer, endLayer }: Section): string[] {
	const lines: string[] = [];
	for (const layer of graph.layers.slice(firstLayer, endLayer)) {
		const word = describe(layer);
		if (layer.kind === "conv" || layer.kind === "linear" || lines.length === 0) lines.push(`· ${word}`);
		else lines.push(`${lines.pop()}, ${word}`);
	}
	return lines;
}

const WORDS: { readonly [K in Exclude<Layer["kind"], "conv" | "linear" | "average_pool">]: string } = {
	batch_norm: "BN",
	relu: "ReLU",
	hard_swish: "h-swish",
	hard_sigmoid: "h-sigmoid",
	sigmoid: "sigmoid",
	squeeze: "global average pool",
	flatten: "flatten",
	scale: "scale",
	add: "sum",
	zero: "none",
	global_average_pool: "global average pool",
};

function describe(layer: Layer): string {
	switch (layer.kind) {
		case "conv": {
			const { kernel, stride, groups, inChannels, outChannels } = layer;
			const kind = groups === inChannels && groups > 1 ? "depthwise" : "conv";
			return `${kind} ${kernel}×${kernel}${stride === 1 ? "" : `, stride ${stride}`}, ${outChannels}`;
		}
		case "linear":
			return `linear to ${layer.outFeatures}`;
		case "average_pool":
			return `average pool ${layer.kernel}×${layer.kernel}`;
		default:
			return WORDS[layer.kind];
	}
}
