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
import { costLines } from "./cost-lines.js";
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
	return framed(
		"Stem",
		[`${input.channels} → ${stem.channels} channels`, sizes(graph, section), `conv 3×3${stride}, BN`],
		{ costs: costLines(graph, [section]) },
	);
}

function headPanel(network: Network, graph: NetworkGraph, section: Section): Panel {
	const { input } = section;
	const { finalChannels, classes, task = DEFAULT_TASK } = network;
	const { channels } = graph.values[input]!;
	const middle = finalChannels === null ? [] : [`conv 1×1 to ${finalChannels}, BN`];
	const lines = [
		`${channels} channels, ${sidesOf(graph.values[input]!)}`,
		"BN, ReLU",
		...middle,
		...HEAD_LINES[TASKS[task].head](classes),
	];
	return framed("Head", lines, { costs: costLines(graph, [section]) });
}

const HEAD_LINES: { readonly [K in HeadKind]: (outputs: number) => readonly string[] } = {
	pooled: (outputs) => ["global average pool", `linear to ${outputs}`],
	dense: (outputs) => [`conv 1×1 to ${outputs}`],
	none: () => [],
};

function stagePanel(graph: NetworkGraph, { cell, channels, stride, repeats }: Stage, stage: number): Panel {
	const sections = graph.sections.filter((candidate) => candidate.stage === stage);
	const section = sections[0]!;
	const before = graph.values[section.input]!.channels;
	const drawing = drawCell(cell, before !== channels || stride !== 1);
	const lines = [
		`${before === channels ? "" : `${before} → `}${channels} channels, stride ${stride}`,
		`${sizes(graph, section)}, cell ${cell.hash.slice(0, 8)}`,
	];
	return framed(`Stage ${stage + 1}`, lines, { costs: costLines(graph, sections), drawing, repeats });
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

/** What a panel has beyond its heading and lines. */
interface PanelParts {
	/** Lines about its costs, behind the others. */
	readonly costs: readonly string[];
	/** Drawn under the lines, centred; nothing unless given. */
	readonly drawing?: Panel;
	/** A badge beside the heading where it is not 1. */
	readonly repeats?: number;
}

/** A heading, lines of text and perhaps a drawing under them in a frame. */
export function framed(
	title: string,
	lines: readonly string[],
	{ costs, drawing = { width: 0, height: 0, svg: "" }, repeats = 1 }: PanelParts,
): Panel {
	const texts = [
		...lines.map((line) => [line, "detail"] as const),
		...costs.map((line) => [line, "costs"] as const),
	];
	const badge = repeats === 1 ? { width: 0, svg: "" } : badgeOf(repeats);
	const textWidth = Math.max(
		title.length * 9 + badge.width,
		...texts.map(([line]) => line.length * CHARACTER_WIDTH),
	);
	const width = Math.max(textWidth, drawing.width) + 2 * PADDING;
	const textHeight = (texts.length + 1) * LINE + 4;
	const height = textHeight + drawing.height + 2 * PADDING;
	const x = (width - drawing.width) / 2;
	const svg = [
		element("rect", { class: "panel", width, height, rx: 10 }),
		text(PADDING, PADDING + 13, title, "heading"),
		...texts.map(([line, style], i) => text(PADDING, PADDING + 13 + (i + 1) * LINE, line, style)),
	];
	if (drawing.svg !== "")
		svg.push(element("g", { transform: `translate(${x.toFixed(1)} ${PADDING + textHeight})` }, drawing.svg));
	if (repeats !== 1) {
		const transform = `translate(${PADDING + title.length * 9} ${PADDING - 2})`;
		svg.push(element("g", { transform }, badge.svg));
	}
	return { width, height, svg: svg.join("") };
}

/** How often the cell follows itself, in a pill. */
function badgeOf(repeats: number): { readonly width: number; readonly svg: string } {
	const label = `× ${repeats}`;
	const width = label.length * 8 + 12;
	const pill = element("rect", { class: "badge", width, height: 20, rx: 10 });
	return { width, svg: pill + text(width / 2, 14.5, label, "badge-label") };
}
