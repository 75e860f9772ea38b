import type { TopLevelSpec } from "vega-lite";
import type { Axis, BarPlot, Plot } from "./plot.js";

/** What distinguishes one kind of plot from another in Vega-Lite. */
type Layers = Pick<Extract<TopLevelSpec, { layer: unknown }>, "layer" | "encoding">;

const RED = "#c0392b";

/** Area of a point in square pixels: thousands of larger ones would cover each other. */
const POINT = { few: 18, many: 5, from: 2000 } as const;

/** Categories whose names have room side by side. */
const MOST_ABREAST = 4;

/** Vega-Lite layers of each kind of plot; marks are sorted as given, so that equal plots give equal files. */
export const LAYERS: { readonly [K in Plot["kind"]]: (plot: Extract<Plot, { kind: K }>) => Layers } = {
	lines: ({ x, y, lines, marks = [] }) => ({
		layer: [
			{
				data: {
					values: lines.flatMap(({ name, points }) => points.map(([px, py]) => ({ x: px, y: py, name }))),
				},
				mark: { type: "line", point: true },
				encoding: {
					x: quantity("x", x),
					y: quantity("y", y),
					color: { field: "name", type: "nominal", sort: lines.map(({ name }) => name), title: null },
				},
			},
			{
				data: { values: [...marks] },
				mark: { type: "rule", strokeDash: [4, 4], color: RED },
				encoding: { x: quantity("x", x) },
			},
			{
				data: { values: [...marks] },
				mark: { type: "text", align: "left", dx: 4, y: 10, color: RED },
				encoding: { x: quantity("x", x), text: { field: "label" } },
			},
		],
	}),

	points: ({ x, y, legend, points }) => ({
		layer: [
			{
				data: { values: [...points] },
				// A label for each of a thousand points helps no screen reader and doubles the file.
				mark: {
					type: "circle",
					size: points.length < POINT.from ? POINT.few : POINT.many,
					opacity: 0.8,
					aria: false,
				},
				encoding: {
					x: quantity("x", x),
					y: quantity("y", y),
					color: {
						field: "group",
						type: "nominal",
						sort: distinct(points.map(({ group }) => group)),
						// Rainbow colours can be told apart at a distance however many groups there are.
						scale: { scheme: legend === undefined ? "rainbow" : "tableau10" },
						...(legend === undefined ? { legend: null } : { title: legend }),
					},
				},
			},
		],
	}),

	bars: ({ y, bars }) => ({
		encoding: barPlaces(bars),
		layer: [
			{
				data: { values: [...bars] },
				mark: "bar",
				encoding: {
					y: quantity("value", y, true),
					color: {
						field: "group",
						type: "nominal",
						sort: distinct(bars.map(({ group }) => group)),
						title: null,
					},
				},
			},
			{
				data: {
					values: bars.flatMap(({ error, value, ...bar }) =>
						error === undefined ? [] : [{ ...bar, low: value - error, high: value + error }],
					),
				},
				mark: { type: "rule", color: "black" },
				encoding: { y: quantity("low", y, true), y2: { field: "high" } },
			},
		],
	}),
};

/** Names of more categories than fit side by side stand aslant. */
function barPlaces(bars: BarPlot["bars"]): Layers["encoding"] {
	const categories = distinct(bars.map(({ category }) => category));
	return {
		x: {
			field: "category",
			type: "nominal",
			sort: categories,
			title: null,
			axis: { labelAngle: categories.length > MOST_ABREAST ? -45 : 0 },
		},
		xOffset: { field: "group", sort: distinct(bars.map(({ group }) => group)) },
	};
}

/** @param zero whether a linear axis begins at 0 at the latest, as the length of a bar demands */
function quantity(field: string, { title, scale: type = "linear" }: Axis, zero = false) {
	return { field, type: "quantitative", title, scale: type === "log" ? { type } : { type, zero } } as const;
}

function distinct(values: readonly string[]): string[] {
	return [...new Set(values)];
}
