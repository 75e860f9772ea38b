import { signal } from "@preact/signals";
import type { GenerationSpec } from "../api/types.js";
import { readCount } from "../format.js";

/** Bounds of a request: option of the command line, field of the protocol, title. */
export const BOUNDS = [
	{ quantity: "parameter-count", field: "ParameterCount", title: "Parameters" },
	{
		quantity: "mac-count",
		field: "MacCount",
		title: "MACs",
		hint: "what most papers on mobile networks call FLOPs",
	},
	{ quantity: "flop-count", field: "FlopCount", title: "flopCount", hint: "about twice the MACs" },
] as const;

/** How much is done, from the least. */
export const EFFORTS = ["generate", "score", "refine", "search"] as const;

/** The form as texts, as people write them. */
export interface Form {
	readonly input: string;
	readonly classes: string;
	readonly candidates: string;
	readonly seed: string;
	readonly temperature: string;
	readonly version: string;
	/** Proxy or objective that ranks; empty for T-CET. */
	readonly objective: string;
	/** What is done: networks without scores, with scores, refined by evolution, or a long search as a job. */
	readonly effort: (typeof EFFORTS)[number];
	/** Evaluations of a refinement or a search. */
	readonly evaluations: string;
	/** Seconds after which the request is given up; empty for never. */
	readonly deadline: string;
	/** Bounds by `max-flop-count` and the like. */
	readonly bounds: Readonly<Record<string, string>>;
}

const EMPTY: Form = {
	input: "32",
	classes: "10",
	candidates: "20",
	seed: "0",
	temperature: "",
	version: "",
	objective: "",
	effort: "score",
	evaluations: "200",
	deadline: "",
	bounds: {},
};

/** Devices and tasks that set the form at once. */
export const PRESETS: Readonly<Record<string, { readonly title: string; readonly form: Partial<Form> }>> = {
	cifar: {
		title: "CIFAR, up to 1 M parameters",
		form: { input: "32", classes: "10", bounds: { "max-parameter-count": "1M" } },
	},
	imagenet: {
		title: "ImageNet, 450 M FLOPs",
		form: { input: "224", classes: "1000", bounds: { "max-flop-count": "450M" } },
	},
	phone: {
		title: "Phone: 224 px, 300 M MACs",
		form: { input: "224", classes: "1000", bounds: { "max-mac-count": "300M", "max-parameter-count": "5M" } },
	},
	controller: {
		title: "Microcontroller: 96 px, 250 K parameters, 15 M MACs",
		form: { input: "96", classes: "2", bounds: { "max-mac-count": "15M", "max-parameter-count": "250K" } },
	},
};

/** What is in the form now. */
export const form = signal<Form>({ ...EMPTY, ...PRESETS.cifar!.form });

/** The form of a link; undefined when it carries none. */
export function formFromQuery(query: URLSearchParams): Form | undefined {
	if ([...query].length === 0) return undefined;
	const keys = [
		"input",
		"classes",
		"candidates",
		"seed",
		"temperature",
		"version",
		"objective",
		"objective",
		"evaluations",
		"deadline",
	] as const;
	const texts = Object.fromEntries(keys.flatMap((key) => (query.has(key) ? [[key, query.get(key)!]] : [])));
	const bounds = Object.fromEntries([...query].filter(([key]) => /^(max|min)-/.test(key)));
	const effort = EFFORTS.find((kind) => kind === query.get("effort"));
	return { ...EMPTY, ...texts, bounds, effort: effort ?? "score" };
}

/** The parameters of a link to the form. */
export function formToQuery({ bounds, ...texts }: Form): string {
	const filled = Object.entries({ ...texts, ...bounds }).filter(([, text]) => text !== "");
	return new URLSearchParams(filled).toString();
}

/** Text that the server may complain about stays text. */
const number = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

/** Bounds as the protocol names them. */
export function constraintsOf({ bounds }: Form): Record<string, string> {
	return Object.fromEntries(
		BOUNDS.flatMap(({ quantity, field }) =>
			["max", "min"].flatMap((side) => {
				const text = bounds[`${side}-${quantity}`]?.trim();
				return text ? [[side + field, readCount(text)]] : [];
			}),
		),
	);
}

/** The request of the form. All that is within the bounds comes back, so that it can be compared. */
export function specOf(filled: Form): GenerationSpec {
	const candidates = number(filled.candidates);
	const temperature = filled.temperature.trim();
	return {
		constraints: constraintsOf(filled),
		inputSize: number(filled.input),
		classCount: number(filled.classes),
		candidates,
		topK: typeof candidates === "number" ? Math.max(1, Math.min(100, candidates)) : 1,
		seed: filled.seed.trim() || "0",
		skipScoring: filled.effort === "generate",
		modelVersion: filled.version,
		objective: filled.objective,
		...(filled.effort === "refine" ? { evaluationCount: number(filled.evaluations) } : {}),
		...(temperature === ""
			? {}
			: { temperature: Number.isNaN(Number(temperature)) ? temperature : Number(temperature) }),
	};
}

/** The same request in other tongues, ready to copy. */
export function copiesOf(
	filled: Form,
): Readonly<Record<"Link" | "Command line" | "grpcurl" | "Python", string>> {
	const { constraints, ...rest } = specOf(filled);
	const flags = Object.entries(filled.bounds).flatMap(([name, text]) =>
		text.trim() ? [`--${name} ${text.trim()}`] : [],
	);
	const body = JSON.stringify({ spec: { constraints, ...rest } });
	const top = rest.topK;
	return {
		Link: `${location.origin}${location.pathname}#/ask?${formToQuery(filled)}`,
		"Command line": [
			"npx archgen generate",
			...flags,
			`--input ${filled.input}`,
			`--classes ${filled.classes}`,
			`--candidates ${filled.candidates}`,
			`--top ${top}`,
			`--seed ${rest.seed}`,
			...(rest.objective && filled.effort !== "generate" ? [`--objective ${rest.objective}`] : []),
			...(filled.effort === "refine" ? [`--evaluations ${filled.evaluations}`] : []),
			"--address 127.0.0.1:50050",
		].join(" "),
		grpcurl: `grpcurl -plaintext -d '${body}' 127.0.0.1:50050 archgen.orchestrator.v1.OrchestratorService/GenerateNetworks`,
		Python: [
			"import json, urllib.request",
			`url = "${location.origin}/api/archgen.orchestrator.v1.OrchestratorService/GenerateNetworksUnary"`,
			`body = '${body}'`,
			'request = urllib.request.Request(url, body.encode(), {"content-type": "application/json"})',
			"answer = json.load(urllib.request.urlopen(request))",
		].join("\n"),
	};
}
