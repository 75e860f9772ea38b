interface Point {
	readonly x: number;
	readonly y: number;
}

/** A box, placed by its centre. */
interface Box extends Point {
	readonly width: number;
	readonly height: number;
}

/** An arrow with what is to be written along it. */
export interface LabelledEdge {
	readonly from: number;
	readonly to: number;
	readonly points: readonly Point[];
	readonly text: string;
}

/** A text and the box that it takes. */
export interface EdgeLabel extends Box {
	readonly text: string;
}

const CHARACTER_WIDTH = 5.2;
const HEIGHT = 10;

/**
 * Texts along the edges of a drawn cell: once for all edges that carry the same from the same node, and where it covers neither a box nor another text. A
 * text without such a place is left out.
 */
export function edgeLabels(edges: readonly LabelledEdge[], nodes: readonly Box[]): EdgeLabel[] {
	const groups = new Map<string, LabelledEdge[]>();
	for (const edge of edges) {
		const key = `${edge.from} ${edge.text}`;
		groups.set(key, [...(groups.get(key) ?? []), edge]);
	}
	const labels: EdgeLabel[] = [];
	for (const group of groups.values()) {
		const { text } = group[0]!;
		const size = { text, width: text.length * CHARACTER_WIDTH, height: HEIGHT };
		const places = [...group.map(({ points }) => middleOf(points)), ...group.flatMap(segmentMiddles)];
		const free = places.find((place) =>
			[...nodes, ...labels].every((other) => !overlap({ ...place, ...size }, other)),
		);
		if (free !== undefined) labels.push({ ...free, ...size });
	}
	return labels;
}

/** Between the bends of a line, or halfway. */
function middleOf(points: readonly Point[]): Point {
	const at = (points.length - 1) / 2;
	return between(points[Math.floor(at)]!, points[Math.ceil(at)]!);
}

function segmentMiddles({ points }: LabelledEdge): Point[] {
	return points.slice(1).map((point, i) => between(points[i]!, point));
}

const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

function overlap(a: Box, b: Box): boolean {
	return 2 * Math.abs(a.x - b.x) < a.width + b.width && 2 * Math.abs(a.y - b.y) < a.height + b.height;
}
