/** A quantity along an axis. */
export interface Axis {
	/** Name and unit, as it is to stand at the axis. */
	readonly title: string;
	/** Default linear; a logarithmic axis needs values above 0. */
	readonly scale?: "linear" | "log";
}

interface Common {
	/** What the plot shows, above it and for screen readers. */
	readonly title: string;
	/** Size of the plotting area in pixels, default 480 × 300. */
	readonly width?: number;
	readonly height?: number;
}

/** Curves over a common axis, one colour each. */
export interface LinePlot extends Common {
	readonly kind: "lines";
	readonly x: Axis;
	readonly y: Axis;
	readonly lines: readonly {
		readonly name: string;
		readonly points: readonly (readonly [x: number, y: number])[];
	}[];
	/** Vertical lines with a label, e.g. at a chosen value. */
	readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

/** A cloud of points, coloured by group. */
export interface PointPlot extends Common {
	readonly kind: "points";
	readonly x: Axis;
	readonly y: Axis;
	/** Heading of the legend; no legend unless given, e.g. where there are too many groups to tell apart. */
	readonly legend?: string;
	readonly points: readonly { readonly x: number; readonly y: number; readonly group: string }[];
}

/** Bars by category, side by side for each group, with error bars of ± error. */
export interface BarPlot extends Common {
	readonly kind: "bars";
	readonly y: Axis;
	readonly bars: readonly {
		readonly category: string;
		readonly group: string;
		readonly value: number;
		/** Half the length of the error bar; none unless given. */
		readonly error?: number;
	}[];
}

/** What is to be drawn. */
export type Plot = LinePlot | PointPlot | BarPlot;
