import {
	DEFAULT_TASK,
	type HeadKind,
	type Network,
	type NetworkGraph,
	type Section,
	type Stage,
	TASKS,
	type Value,
} from "@archgen/search-space";
import { drawCell } from "./cell-drawing.js";
import { element, text } from "./elements.js";

/** A framed part of the picture: stem, one stage, or head. */
export interface Panel {
	readonly width: number;
	readonly height: number;
	/** SVG with the panel's top left corner at 0, 0. */
	readonly svg: string;
}

const PADDING = 14;
const LINE = 18;
const CHARACTER_WIDTH = 6.9;

/** Stem, stages and head in the order of the data's way through the network. */
export function networkPanels(network: Network, graph: NetworkGraph): Panel[] {
	const stem = graph.sections.find(({ kind }) => kind === "stem")!;
	const head = graph.sections.find(({ kind }) => kind === "head")!;
	const stages = network.stages.map((stage, i) => stagePanel(graph, stage, i));
	return [stemPanel(network, graph, stem), ...stages, headPanel(network, graph, head)];
}

function stemPanel({ input, stem }: Network, graph: NetworkGraph, section: Section): Panel {
	const stride = stem.stride === 1 ? "" : `, stride ${stem.stride}`;
	return framed("Stem", [
		`${input.channels} → ${stem.channels} channels`,
		sizes(graph, section),
		`conv 3×3${stride}, BN`,
	]);
}

function headPanel(network: Network, graph: NetworkGraph, { input }: Section): Panel {
	const { finalChannels, classes, task = DEFAULT_TASK } = network;
	const { channels } = graph.values[input]!;
	const middle = finalChannels === null ? [] : [`conv 1×1 to ${finalChannels}, BN`];
	const lines = [
		`${channels} channels, ${sidesOf(graph.values[input]!)}`,
		"BN, ReLU",
		...middle,
		...HEAD_LINES[TASKS[task].head](classes),
	];
	return framed("Head", lines);
}

const HEAD_LINES: { readonly [K in HeadKind]: (outputs: number) => readonly string[] } = {
	pooled: (outputs) => ["global average pool", `linear to ${outputs}`],
	dense: (outputs) => [`conv 1×1 to ${outputs}`],
	none: () => [],
};

function stagePanel(graph: NetworkGraph, { cell, channels, stride, repeats }: Stage, stage: number): Panel {
	const section = graph.sections.find((candidate) => candidate.stage === stage)!;
	const before = graph.values[section.input]!.channels;
	const drawing = drawCell(cell, before !== channels || stride !== 1);
	const lines = [
		`${before === channels ? "" : `${before} → `}${channels} channels, stride ${stride}, repeats ${repeats}`,
		`${sizes(graph, section)}, cell ${cell.hash.slice(0, 8)}`,
	];
	return framed(`Stage ${stage + 1}`, lines, drawing);
}

/** Sides of the feature maps before and after. */
export function sizes({ values }: NetworkGraph, { input, output }: Section): string {
	const [before, after] = [sidesOf(values[input]!), sidesOf(values[output]!)];
	return before === after ? before : `${before} → ${after}`;
}

/** Height × width of a map, for people. */
export function sidesOf({ height, width }: Value): string {
	return `${height}×${width}`;
}

/** A heading, lines of text and perhaps a drawing under them, centred in a frame. */
export function framed(
	title: string,
	lines: readonly string[],
	drawing: Panel = { width: 0, height: 0, svg: "" },
): Panel {
	const textWidth = Math.max(title.length * 9, ...lines.map((line) => line.length * CHARACTER_WIDTH));
	const width = Math.max(textWidth, drawing.width) + 2 * PADDING;
	const textHeight = (lines.length + 1) * LINE + 4;
	const height = textHeight + drawing.height + 2 * PADDING;
	const x = (width - drawing.width) / 2;
	const svg = [
		element("rect", { class: "panel", width, height, rx: 10 }),
		text(PADDING, PADDING + 13, title, "heading"),
		...lines.map((line, i) => text(PADDING, PADDING + 13 + (i + 1) * LINE, line, "detail")),
	];
	if (drawing.svg !== "")
		svg.push(element("g", { transform: `translate(${x.toFixed(1)} ${PADDING + textHeight})` }, drawing.svg));
	return { width, height, svg: svg.join("") };
}
