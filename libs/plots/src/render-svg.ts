import type { TopLevelSpec } from "vega-lite";
import { LAYERS } from "./layers.js";
import type { Plot } from "./plot.js";

/**
 * Draws a plot as an SVG document by Vega-Lite, without browser, canvas or fonts: widths of texts are estimated, so the same plot
 * gives the same bytes everywhere.
 */
export async function renderSvg(plot: Plot): Promise<string> {
	const { title, width = 480, height = 300 } = plot;
	const spec = {
		title,
		description: title,
		width,
		height,
		background: "white",
		padding: 8,
		...layersOf(plot),
	} as TopLevelSpec;
	// Loaded where they are needed: they take a second, which a program that may never draw should not pay for.
	const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
	// Warnings would go to the console: data that a scale cannot hold is a mistake of the caller.
	const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none", logLevel: vega.Error });
	try {
		// Identifiers of clip paths are counted over the life of the process otherwise.
		vega.resetSVGDefIds();
		return `${toHundredths(await view.toSVG())}\n`;
	} finally {
		view.finalize();
	}
}

function layersOf<K extends Plot["kind"]>(plot: Extract<Plot, { kind: K }>) {
	return LAYERS[plot.kind as K](plot);
}

/** Places to a hundredth of a pixel: of thousands of points the file would be half as large again with all their digits. */
function toHundredths(svg: string): string {
	return svg.replace(/ (transform|d)="[^"]*"/g, (places) => places.replace(/(\.\d\d)\d+/g, "$1"));
}
