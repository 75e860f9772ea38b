import type { Counts, GeneratedNetwork } from "../api/types.js";
import { duration, exact, short, trim } from "../format.js";

/** A quantity of a candidate that an axis or a column shows. */
export interface Axis {
	readonly key: string;
	readonly title: string;
	/** True when more is better. */
	readonly up: boolean;
	readonly read: (item: Candidate) => number | undefined;
	readonly format: (value: number) => string;
	/** Bounds of a request about it. */
	readonly bounds: readonly string[];
}

/** What axes read. */
export type Candidate = Pick<GeneratedNetwork, "counts"> &
	Partial<Pick<GeneratedNetwork, "scores" | "latency">>;

const count = (key: keyof Counts, title: string, field: string): Axis => ({
	key,
	title,
	up: false,
	read: ({ counts }) => Number(counts[key]),
	format: short,
	bounds: field === "" ? [] : [`min${field}`, `max${field}`],
});

const COUNTS: readonly Axis[] = [
	count("parameterCount", "Parameters", "ParameterCount"),
	count("macCount", "MACs", "MacCount"),
	count("flopCount", "flopCount", "FlopCount"),
	{ ...count("layerCount", "Layers", ""), format: exact },
];

const SCORE_TITLES: Readonly<Record<string, string>> = {
	tcet_train: "T-CET train",
	tcet: "T-CET",
	naswot: "NASWOT",
	snip_ssnr: "SNIP-SSNR",
};

/** The title of a score, by the name of its proxy. */
export const scoreTitle = (name: string): string => SCORE_TITLES[name] ?? name;

/** The quantities that these candidates have. */
export function axesOf(items: readonly Candidate[]): readonly Axis[] {
	const names = [...new Set(items.flatMap(({ scores }) => Object.keys(scores ?? {})))];
	// The proxies that rank mostly come first.
	const order = Object.keys(SCORE_TITLES);
	const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
	names.sort((a, b) => place(a) - place(b));
	const scores = names.map(
		(name): Axis => ({
			key: name,
			title: scoreTitle(name),
			up: true,
			read: ({ scores }) => scores?.[name],
			format: trim,
			bounds: [],
		}),
	);
	const latency: Axis = {
		key: "latency",
		title: "Latency",
		up: false,
		read: ({ latency }) => latency?.latencyMs,
		format: (ms) => duration(ms / 1000),
		bounds: [],
	};
	return [...scores, ...COUNTS, ...(items.some((item) => item.latency) ? [latency] : [])];
}
