import { type Cell, type OperationType, operationTitle } from "@archgen/search-space";
import { Graph, layout } from "@dagrejs/dagre";

export interface Point {
	readonly x: number;
	readonly y: number;
}

/** A box of a drawn cell, placed by its centre. */
export interface PlacedNode extends Point {
	readonly node: number;
	readonly label: string;
	/** Undefined for the input and the output. */
	readonly type?: OperationType;
	readonly width: number;
	readonly height: number;
}

/** An arrow of a drawn cell, as a polyline from box to box. */
export interface PlacedEdge {
	readonly from: number;
	readonly to: number;
	readonly points: readonly Point[];
}

export interface CellLayout {
	readonly width: number;
	readonly height: number;
	readonly nodes: readonly PlacedNode[];
	readonly edges: readonly PlacedEdge[];
}

/** The part of the layout library's graph that is used here, whose own types do not resolve under Node's rules. */
interface LayoutGraph {
	setGraph(settings: Readonly<Record<string, unknown>>): void;
	setNode(id: string, size: { readonly width: number; readonly height: number }): void;
	node(id: string): Point & { readonly width: number; readonly height: number };
	setEdge(from: string, to: string, label: object): void;
	edge(from: string, to: string): { readonly points: readonly Point[] };
}

const NODE_HEIGHT = 28;
const CHARACTER_WIDTH = 7.4;
const MARGIN = 4;

/** Places the graph of a cell from top to bottom, layered so that boxes never overlap. */
export function layoutCell(cell: Cell): CellLayout {
	const graph: LayoutGraph = new Graph({});
	graph.setGraph({ rankdir: "TB", nodesep: 18, ranksep: 30, edgesep: 12 });
	const labels = ["input", ...cell.operations.map(operationTitle), "output"];
	labels.forEach((label, node) => {
		graph.setNode(`${node}`, { width: label.length * CHARACTER_WIDTH + 22, height: NODE_HEIGHT });
	});
	for (const [from, to] of cell.edges) graph.setEdge(`${from}`, `${to}`, {});
	layout(graph);
	return fitted(
		labels.map((label, node) => placed(graph, cell, node, label)),
		cell.edges.map(([from, to]) => ({ from, to, points: graph.edge(`${from}`, `${to}`).points })),
	);
}

/** Moves everything to just right and below 0, 0. The library's own bounds leave out edges that swing wide. */
function fitted(nodes: readonly PlacedNode[], edges: readonly PlacedEdge[]): CellLayout {
	const corners = nodes.flatMap(({ x, y, width, height }) => [
		{ x: x - width / 2, y: y - height / 2 },
		{ x: x + width / 2, y: y + height / 2 },
	]);
	const points = [...corners, ...edges.flatMap((edge) => edge.points)];
	const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
	const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
	const move = <P extends Point>(point: P): P => ({ ...point, x: point.x - left, y: point.y - top });
	return {
		width: Math.max(...xs) + MARGIN - left,
		height: Math.max(...ys) + MARGIN - top,
		nodes: nodes.map(move),
		edges: edges.map((edge) => ({ ...edge, points: edge.points.map(move) })),
	};
}

function placed(graph: LayoutGraph, cell: Cell, node: number, label: string): PlacedNode {
	const { x, y, width, height } = graph.node(`${node}`);
	const type = cell.operations[node - 1]?.type;
	return { node, label, x, y, width, height, ...(type === undefined ? {} : { type }) };
}
