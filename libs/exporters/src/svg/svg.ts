import {
	type Counts,
	countLayers,
	lowerNetwork,
	type Network,
	OPERATION_TYPES,
	type OperationType,
	taskTitle,
} from "@archgen/search-space";
import { lowerSpaceNetwork, type SpaceNetwork } from "../network-subject.js";
import { element, escapeXml, text } from "./elements.js";
import { graphPanels } from "./graph-panels.js";
import { colorLegend, noteLines } from "./legend.js";
import { networkPanels, type Panel, sidesOf } from "./panel.js";
import { flowRows, type PlacedBox } from "./rows.js";

const MARGIN = 28;
const GAP = 34;
const MAX_ROW_WIDTH = 1500;
const TITLE_HEIGHT = 66;
const LEGEND_GAP = 18;
const MIN_WIDTH = 900;

const STYLE = `
text { font-family: Inter, "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif; fill: #1d1d1f; }
.title { font-size: 22px; font-weight: 600; }
.counts { font-size: 15px; fill: #444; }
.heading { font-size: 15px; font-weight: 600; }
.detail { font-size: 12.5px; fill: #555; }
.costs { font-size: 12.5px; font-weight: 600; }
.label { font-size: 13px; text-anchor: middle; }
.panel { fill: #ffffff; stroke: #d5d5da; }
.edge { fill: none; stroke: #6b6b70; stroke-width: 1.3; }
.badge { fill: #1d1d1f; }
.badge-label { font-size: 13px; font-weight: 600; text-anchor: middle; fill: #ffffff; }
.flow { fill: none; stroke: #1d1d1f; stroke-width: 1.8; }
`;

const ARROW = element(
	"marker",
	{
		id: "arrow",
		viewBox: "0 0 8 8",
		refX: 7,
		refY: 4,
		markerWidth: 7,
		markerHeight: 7,
		orient: "auto",
		markerUnits: "userSpaceOnUse",
	},
	element("path", { d: "M0 0 L8 4 L0 8 Z", fill: "#6b6b70" }),
);

const NOTES = [
	"A node adds its inputs, then applies its operation; the output only adds.",
	"Dashed: through the strided 1×1 projection of a stage's first cell. An operation fed by the input alone changes channels and size itself.",
];

/** The network as a picture: stem, stages and head as panels in reading order, the cell of each stage drawn once. */
export function networkToSvg(network: Network, provenance?: Readonly<Record<string, string>>): string {
	const graph = lowerNetwork(network);
	const used = new Set(network.stages.flatMap(({ cell }) => cell.operations.map(({ type }) => type)));
	const types = OPERATION_TYPES.filter((type) => used.has(type));
	const explained = { types, notes: NOTES };
	return picture(titleOf(network), countLayers(graph), networkPanels(network, graph), explained, provenance);
}

/** An architecture of any space as a picture: its sections as panels in reading order, layer by layer. */
export function spaceNetworkToSvg(subject: SpaceNetwork): string {
	const graph = lowerSpaceNetwork(subject);
	const sides = sidesOf(graph.values[graph.input]!);
	const classes = graph.values[graph.output]!.channels;
	const title = `${subject.space.title}: ${sides} images, ${classes} classes`;
	const notes = [JSON.stringify(subject.space.toJson(subject.architecture))];
	return picture(title, countLayers(graph), graphPanels(graph), { types: [], notes });
}

/** Explanations below the panels. */
interface Explained {
	/** Operations whose colours are named. */
	readonly types: readonly OperationType[];
	readonly notes: readonly string[];
}

/** Title, counts, panels, and a legend under them. */
function picture(
	title: string,
	sizes: Counts,
	panels: readonly Panel[],
	{ types, notes }: Explained,
	provenance?: Readonly<Record<string, string>>,
): string {
	const { width, height, boxes } = flowRows(panels, MAX_ROW_WIDTH, GAP);
	const inner = Math.max(width, MIN_WIDTH);
	const legend = [colorLegend(types, inner), noteLines(notes, inner)].filter(({ svg }) => svg !== "");
	const below = legend.reduce((sum, part) => sum + LEGEND_GAP + part.height, 0);
	const full = { width: inner + 2 * MARGIN, height: height + TITLE_HEIGHT + below + 2 * MARGIN };
	const counts = countsLine(sizes);
	return `${element(
		"svg",
		{
			xmlns: "http://www.w3.org/2000/svg",
			viewBox: `0 0 ${full.width} ${full.height}`,
			...full,
			role: "img",
		},
		element("title", {}, escapeXml(`${title}: ${counts}`)),
		...(provenance ? [element("metadata", {}, escapeXml(JSON.stringify(provenance)))] : []),
		element("style", {}, escapeXml(STYLE)),
		element("defs", {}, ARROW),
		element("rect", { width: full.width, height: full.height, fill: "#f7f7f9" }),
		text(MARGIN, MARGIN + 20, title, "title"),
		text(MARGIN, MARGIN + 44, counts, "counts"),
		element(
			"g",
			{ transform: `translate(${MARGIN} ${MARGIN + TITLE_HEIGHT})` },
			...boxes.map(drawPanel),
			...flow(boxes),
		),
		...legend.map(({ svg }, i) => {
			const above = legend.slice(0, i).reduce((sum, part) => sum + LEGEND_GAP + part.height, LEGEND_GAP);
			const y = MARGIN + TITLE_HEIGHT + height + above;
			return element("g", { class: "legend", transform: `translate(${MARGIN} ${y.toFixed(1)})` }, svg);
		}),
	)}\n`;
}

function titleOf({ input, classes, task, stages }: Network): string {
	const cells = stages.reduce((sum, { repeats }) => sum + repeats, 0);
	return `${taskTitle({ input, classes, task })}, ${cells} cells in ${stages.length} ${stages.length === 1 ? "stage" : "stages"}`;
}

function countsLine({ parameterCount, macCount, flopCount, layerCount }: Counts): string {
	const exact = (value: number) => value.toLocaleString("en-US");
	return [
		`${exact(parameterCount)} parameters`,
		`${exact(macCount)} multiply-accumulates`,
		`flopCount ${exact(flopCount)}`,
		`${layerCount} conv and linear layers`,
	].join("  ·  ");
}

function drawPanel({ box, x, y }: PlacedBox<Panel>): string {
	return element("g", { class: "section", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, box.svg);
}

/** Arrows from each panel to the next of its row, at the height of the headings. */
function flow(boxes: readonly PlacedBox<Panel>[]): string[] {
	return boxes.slice(1).flatMap((to, i) => {
		const from = boxes[i]!;
		if (from.row !== to.row) return [];
		const [start, end, y] = [from.x + from.box.width + 6, to.x - 6, to.y + 24];
		return [
			element("path", {
				class: "flow",
				d: `M${start.toFixed(1)} ${y} L${end.toFixed(1)} ${y}`,
				"marker-end": "url(#arrow)",
			}),
		];
	});
}
