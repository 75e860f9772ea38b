import { type Cell, cellWiring } from "@archgen/search-space";
import { type CellLayout, layoutCell, type PlacedEdge, type PlacedNode, type Point } from "./cell-layout.js";
import { element, text } from "./elements.js";
import { OPERATION_COLORS, TERMINAL_COLORS } from "./operation-colors.js";

export interface CellDrawing {
	readonly width: number;
	readonly height: number;
	/** SVG with the cell's top left corner at 0, 0. */
	readonly svg: string;
}

/** Draws a cell; `changes` says that its first instance changes channels or size, so that projected edges are dashed. */
export function drawCell(cell: Cell, changes: boolean): CellDrawing {
	const placed: CellLayout = layoutCell(cell);
	const edges = placed.edges.map((edge) => drawEdge(edge, changes && isProjected(cell, edge)));
	return {
		width: placed.width,
		height: placed.height,
		svg: [...edges, ...placed.nodes.map(drawNode)].join(""),
	};
}

/** The input reaches everything but the operations that read it alone through the projection. */
export function isProjected(cell: Cell, { from, to }: PlacedEdge): boolean {
	return from === 0 && !cellWiring(cell).nodes[to - 1]!.readsRaw;
}

function drawNode({ label, type, x, y, width, height }: PlacedNode): string {
	const { fill, stroke } = type === undefined ? TERMINAL_COLORS : OPERATION_COLORS[type];
	const rounding = type === undefined ? height / 2 : 6;
	const box = { x: x - width / 2, y: y - height / 2, width, height, rx: rounding, fill, stroke };
	return element("rect", { class: "node", ...box }) + text(x, y + 4.5, label, "label");
}

function drawEdge({ points }: PlacedEdge, dashed: boolean): string {
	return element("path", {
		class: "edge",
		d: curve(points),
		"marker-end": "url(#arrow)",
		"stroke-dasharray": dashed ? "5 4" : undefined,
	});
}

/** A smooth curve that starts and ends where the polyline does: quadratic pieces between the middles of its parts. */
export function curve(points: readonly Point[]): string {
	const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
	const first = points[0]!;
	const last = points.at(-1)!;
	const pieces = points.slice(1, -1).map((point, i) => {
		const next = points[i + 2]!;
		return `Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
	});
	return `M${at(first)} ${pieces.join(" ")} L${at(last)}`;
}
