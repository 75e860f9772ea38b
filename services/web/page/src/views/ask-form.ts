/** How much is done, from the least. */
export const EFFORTS = ["generate", "score", "refine", "search"] as const;

/** The form as texts, as people write them. */
export interface Form {
	/** Height of the images, and width where none is given. */
	readonly input: string;
	/** Width of images that are not square. */
	readonly width: string;
	/** Channels of the images; empty for three. */
	readonly channels: string;
	/** Outputs of the task. */
	readonly classes: string;
	/** Purpose of the networks by name; empty for classification. */
	readonly task: string;
	/** Dense prediction: input pixels for each output along a side; empty for one. */
	readonly stride: string;
	readonly candidates: string;
	readonly seed: string;
	readonly temperature: string;
	readonly version: string;
	/** Generator of the cells; empty for the flow. */
	readonly generator: string;
	/** Largest predicted latency in milliseconds; needs a latency table. */
	readonly latency: string;
	/** Largest peak activation memory of a search, in bytes as people write them. */
	readonly peak: string;
	/** Strategy of a search; `pareto:COST` names what the objective is traded against. Empty for HL-Evo. */
	readonly strategy: string;
	/** Proxy or objective that ranks; empty for T-CET. */
	readonly objective: string;
	/** What is done: networks without scores, with scores, refined by evolution, or a long search as a job. */
	readonly effort: (typeof EFFORTS)[number];
	/** Evaluations of a refinement or a search. */
	readonly evaluations: string;
	/** Seconds after which a refinement answers with the best so far and anything else is given up; empty for never. */
	readonly deadline: string;
	/** Bounds by `max-flop-count` and the like. */
	readonly bounds: Readonly<Record<string, string>>;
}

const EMPTY: Form = {
	input: "32",
	width: "",
	channels: "",
	classes: "10",
	task: "",
	stride: "",
	candidates: "20",
	seed: "0",
	temperature: "",
	version: "",
	generator: "",
	latency: "",
	peak: "",
	strategy: "",
	objective: "",
	effort: "score",
	evaluations: "200",
	deadline: "",
	bounds: {},
};

/** The form of a new page. */
export const FIRST_FORM: Form = { ...EMPTY, bounds: { "max-parameter-count": "1M" } };

/** Texts of the form, beside effort and bounds. */
export type TextKey = Exclude<keyof Form, "bounds" | "effort">;
const TEXTS = Object.keys(EMPTY).filter((key): key is TextKey => key !== "bounds" && key !== "effort");

/** The form of a link; undefined when it carries none. */
export function formFromQuery(query: URLSearchParams): Form | undefined {
	if ([...query].length === 0) return undefined;
	const texts = Object.fromEntries(TEXTS.flatMap((key) => (query.has(key) ? [[key, query.get(key)!]] : [])));
	const bounds = Object.fromEntries([...query].filter(([key]) => /^(max|min)-/.test(key)));
	const effort = EFFORTS.find((kind) => kind === query.get("effort"));
	return { ...EMPTY, ...texts, bounds, effort: effort ?? EMPTY.effort };
}

/** The parameters of a link to the form: all that is filled in, and what was emptied. */
export function formToQuery({ bounds, effort, ...texts }: Form): string {
	const given = TEXTS.filter((key) => texts[key] !== "" || EMPTY[key] !== "");
	const bounded = Object.entries(bounds).filter(([, text]) => text !== "");
	return new URLSearchParams({
		effort,
		...Object.fromEntries(given.map((key) => [key, texts[key]])),
		...Object.fromEntries(bounded),
	}).toString();
}
