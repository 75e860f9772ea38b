import type { Counts, EvaluationPoint, Margin } from "../api/types.js";
import { bytes, duration, exact, short, trim } from "../format.js";
import { optionName } from "./ask-bounds.js";

/** A quantity of a network that an axis or a column shows. */
export interface Axis {
	readonly key: string;
	readonly title: string;
	/** True when more is better. */
	readonly up: boolean;
	readonly read: (item: Measured) => number | undefined;
	readonly format: (value: number) => string;
	/** Bounds of a request about it. */
	readonly bounds: readonly string[];
}

/** What axes read; anything may be unknown. */
export interface Measured {
	readonly counts?: Partial<Counts>;
	readonly scores?: Readonly<Record<string, number>>;
	readonly latency?: { readonly latencyMs: number };
	readonly peakActivationBytes?: string;
	/** Distances to bounds; those of memory are the only place that has its counts. */
	readonly margins?: readonly Margin[];
	/** Known accuracy in per cent. */
	readonly accuracy?: number;
}

const known = (text: string | undefined) => (text === undefined ? undefined : Number(text));

const count = (key: keyof Counts, title: string, field: string): Axis => ({
	key,
	title,
	up: false,
	read: ({ counts }) => known(counts?.[key]),
	format: short,
	bounds: field === "" ? [] : [`min${field}`, `max${field}`],
});

const COUNTS: readonly Axis[] = [
	count("parameterCount", "Parameters", "ParameterCount"),
	count("macCount", "MACs", "MacCount"),
	count("flopCount", "flopCount", "FlopCount"),
	{ ...count("layerCount", "Layers", ""), format: exact },
];

/** A quantity that is known of networks that were asked for with a bound on it. */
const bounded = (field: string, title: string, format: (value: number) => string): Axis => ({
	key: field,
	title,
	up: false,
	read: ({ margins }) => known(margins?.find(({ kind }) => kind === marginKind(field))?.actual),
	format,
	bounds: [field],
});

/** `maxWeightBytesInt8` → `CONSTRAINT_KIND_MAX_WEIGHT_BYTES_INT8`. */
const marginKind = (field: string) =>
	`CONSTRAINT_KIND_${optionName(field).replaceAll("-", "_").toUpperCase()}`;

const MEASURES: readonly Axis[] = [
	bounded("maxDepth", "Depth", exact),
	bounded("maxWeightBytesInt8", "Weights, int8", bytes),
	bounded("maxWeightBytesFloat32", "Weights, float32", bytes),
	bounded("maxPeakActivationBytesInt8", "Activations, int8", bytes),
	bounded("maxPeakActivationBytesFloat32", "Activations, float32", bytes),
	{
		key: "peakActivationBytes",
		title: "Peak memory",
		up: false,
		read: ({ peakActivationBytes }) => known(peakActivationBytes),
		format: bytes,
		bounds: ["maxPeakActivationBytes"],
	},
	{
		key: "latency",
		title: "Latency",
		up: false,
		read: ({ latency }) => latency?.latencyMs,
		format: (ms) => (ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : duration(ms / 1000)),
		bounds: ["maxLatencyMs"],
	},
	{
		key: "accuracy",
		title: "Known accuracy",
		up: true,
		read: ({ accuracy }) => accuracy,
		format: (value) => `${Number(value.toFixed(2))} %`,
		bounds: [],
	},
];

const SCORE_TITLES: Readonly<Record<string, string>> = {
	tcet_fit: "Fit to trained networks",
	tcet_fit_size: "Fit, with size",
	tcet_structure: "Structure",
	tcet_structure_size: "Structure and size",
	expected_accuracy: "Expected accuracy",
	tcet_train: "T-CET train",
	tcet: "T-CET",
	naswot: "NASWOT",
	snip_ssnr: "SNIP-SSNR",
};

/** The title of a score, by the name of its proxy. */
export const scoreTitle = (name: string): string => SCORE_TITLES[name] ?? name;

/** The quantities that these networks have. @param objective what ranks: the first axis, where it is a single proxy */
export function axesOf(items: readonly Measured[], objective = ""): readonly Axis[] {
	const names = [...new Set(items.flatMap(({ scores }) => Object.keys(scores ?? {})))];
	const ranking = [objective, objective.replaceAll("-", "_"), "tcet_fit", "expected_accuracy", "tcet"];
	const place = (name: string) => (ranking.includes(name) ? ranking.indexOf(name) : ranking.length);
	names.sort((a, b) => place(a) - place(b));
	const scores = names.map(scoreAxis);
	return [
		...scores,
		...COUNTS,
		...MEASURES.filter(({ read }) => items.some((item) => read(item) !== undefined)),
	];
}

/** A score as a quantity, by the name of its proxy. */
export function scoreAxis(name: string): Axis {
	return {
		key: name,
		title: scoreTitle(name),
		up: true,
		read: ({ scores }) => scores?.[name],
		format: name === "expected_accuracy" ? (share) => `${(100 * share).toFixed(1)} %` : trim,
		bounds: [],
	};
}

/** An evaluation of a search as axes read it. */
export function measuredOf(
	{ counts, score, latencyMs, peakActivationBytes }: EvaluationPoint,
	objective: string,
): Measured {
	return {
		counts,
		scores: { [objective]: score },
		...(latencyMs === undefined ? {} : { latency: { latencyMs } }),
		...(peakActivationBytes === undefined ? {} : { peakActivationBytes }),
	};
}

/** Costs that a plane may begin with, the usual one first. */
const USUAL_COSTS = ["macCount", "parameterCount", "peakActivationBytes"];

/**
 * The cost in which networks differ most: networks that were made for a bound are all alike in what it is about.
 *
 * @param taken key of the other axis
 */
export function widestCost(axes: readonly Axis[], items: readonly Measured[], taken: string): string {
	const ratio = ({ read }: Axis) => {
		const values = items.flatMap((item) => read(item) ?? []);
		return Math.max(...values) / Math.max(1, Math.min(...values));
	};
	const costs = axes
		.filter(({ key }) => USUAL_COSTS.includes(key) && key !== taken)
		.sort((a, b) => USUAL_COSTS.indexOf(a.key) - USUAL_COSTS.indexOf(b.key));
	return costs.reduce((best, axis) => (ratio(axis) > ratio(best) ? axis : best)).key;
}

/** Settings of a scatter plot's axis. @param bounds of a request, by name; those of the axis are drawn */
export function axisSettings(axis: Axis, bounds: Readonly<Record<string, unknown>>) {
	const own = axis.bounds.flatMap((key) => (bounds[key] === undefined ? [] : [Number(bounds[key])]));
	return { title: axis.title, format: axis.format, bounds: own };
}
