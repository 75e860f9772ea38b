import { signal } from "@preact/signals";
import type { GenerationSpec } from "../api/types.js";
import { readCount } from "../format.js";
import { latencyTableToWire } from "../latency-table.js";
import { latencyTable, orchestrator } from "../state.js";

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
	classes: "10",
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

/** A device class or a task that sets the form at once. */
export interface Preset {
	readonly kind: "device" | "task";
	readonly title: string;
	readonly hint: string;
	readonly form: Partial<Form>;
}

/** Presets in the order of the form, devices first. Weights are taken as one byte each on microcontrollers. */
export const PRESETS: Readonly<Record<string, Preset>> = {
	"controller-256k": {
		kind: "device",
		title: "Microcontroller, 256 kB",
		hint: "96 px, 2 classes; 250 K parameters, 15 M MACs",
		form: { input: "96", classes: "2", bounds: { "max-parameter-count": "250K", "max-mac-count": "15M" } },
	},
	"controller-1m": {
		kind: "device",
		title: "Microcontroller, 1 MB",
		hint: "128 px, 10 classes; 1 M parameters, 60 M MACs",
		form: { input: "128", classes: "10", bounds: { "max-parameter-count": "1M", "max-mac-count": "60M" } },
	},
	wearable: {
		kind: "device",
		title: "Wearable",
		hint: "160 px, 100 classes; 2 M parameters, 100 M MACs",
		form: { input: "160", classes: "100", bounds: { "max-parameter-count": "2M", "max-mac-count": "100M" } },
	},
	phone: {
		kind: "device",
		title: "Phone",
		hint: "224 px, 1,000 classes; 5 M parameters, 300 M MACs",
		form: { input: "224", classes: "1000", bounds: { "max-parameter-count": "5M", "max-mac-count": "300M" } },
	},
	edge: {
		kind: "device",
		title: "Edge board",
		hint: "224 px, 1,000 classes; 8 M parameters, 600 M MACs",
		form: { input: "224", classes: "1000", bounds: { "max-parameter-count": "8M", "max-mac-count": "600M" } },
	},
	cifar: {
		kind: "task",
		title: "CIFAR",
		hint: "32 px, 10 classes; 1 M parameters",
		form: { input: "32", classes: "10", bounds: { "max-parameter-count": "1M" } },
	},
	imagenet: {
		kind: "task",
		title: "ImageNet",
		hint: "224 px, 1,000 classes; 450 M flopCount",
		form: { input: "224", classes: "1000", bounds: { "max-flop-count": "450M" } },
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
		"generator",
		"latency",
		"peak",
		"strategy",
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

/** A number where the text is one; the text itself for the server to complain about. */
const decimal = (text: string): number | string => (Number.isNaN(Number(text)) ? text : Number(text));

/** Candidates outside the bounds that an answer shows. */
const OUTSIDE = 100;

/** Bound on latency and the table that it needs; the server says so when there is none. */
function latencyOf({ latency }: Form) {
	return {
		...(latencyTable.value ? { latencyTable: latencyTableToWire(latencyTable.value) } : {}),
		...(latency.trim() === "" ? {} : { maxLatencyMs: decimal(latency.trim()) }),
	};
}

/** The request of the form. All that is within the bounds comes back, so that it can be compared, and some of what is outside. */
export function specOf(filled: Form): GenerationSpec {
	const candidates = number(filled.candidates);
	const [temperature, deadline] = [filled.temperature.trim(), filled.deadline.trim()];
	return {
		constraints: constraintsOf(filled),
		inputSize: number(filled.input),
		classCount: number(filled.classes),
		candidates,
		topK: typeof candidates === "number" ? Math.max(1, Math.min(100, candidates)) : 1,
		seed: filled.seed.trim() || "0",
		skipScoring: filled.effort === "generate",
		modelVersion: filled.version,
		objective: filled.effort === "generate" ? "" : filled.objective,
		cellGenerator: filled.generator,
		outsideLimit: OUTSIDE,
		...latencyOf(filled),
		...(filled.effort === "refine" ? { evaluationCount: number(filled.evaluations) } : {}),
		...(filled.effort === "refine" && deadline !== ""
			? { refinementTimeLimitSeconds: decimal(deadline) }
			: {}),
		...(temperature === "" ? {} : { temperature: decimal(temperature) }),
	};
}

/** The search of the form as a job. */
export function jobSpecOf(filled: Form): Readonly<Record<string, unknown>> {
	const { constraints, inputSize, classCount, seed, modelVersion, objective } = specOf(filled);
	const [strategy = "", cost] = filled.strategy.split(":");
	const proxy = proxyOf(objective);
	return {
		...{ constraints, inputSize, classCount, seed, modelVersion, objective: proxy },
		...latencyOf(filled),
		...(filled.peak.trim() === "" ? {} : { maxPeakActivationBytes: readCount(filled.peak) }),
		...(strategy === "" ? {} : { strategy: `SEARCH_STRATEGY_${constant(strategy)}` }),
		...(cost === undefined ? {} : { paretoCosts: [`PARETO_COST_${constant(cost)}`] }),
		evaluationCount: number(filled.evaluations),
		parallelism: JOB_PARALLELISM,
	};
}

/** The proxy that an objective of one part is. */
const proxyOf = (objective: string) => objective.replaceAll("-", "_");

/** `hl-evo` → `HL_EVO`. */
const constant = (name: string) => name.toUpperCase().replaceAll("-", "_");

/** Strategies of searches, by what the form and the command line call them. */
export const STRATEGIES: Readonly<Record<string, string>> = {
	"": "HL-Evo",
	cells: "Evolution of cells",
	ageing: "Ageing evolution",
	random: "Random search",
	"pareto:mac-count": "Pareto: objective against MACs",
	"pareto:parameter-count": "Pareto: objective against parameters",
	"pareto:peak-activation-bytes": "Pareto: objective against peak memory",
	"pareto:latency": "Pareto: objective against latency",
};

/** Evaluations of a job in flight, as `archgen jobs create` has them. */
const JOB_PARALLELISM = 4;

/** Name of the file of the latency table in commands. */
const TABLE_FILE = "latency.csv";

/** An option of a command or an argument of Python, by its name on the command line. */
type Argument = readonly [name: string, value: string | true];

function argumentsOf(filled: Form): Argument[] {
	const { effort } = filled;
	const given = (name: string, value: string): Argument[] => (value.trim() ? [[name, value.trim()]] : []);
	const search = effort === "search";
	const [strategy = "", cost = ""] = filled.strategy.split(":");
	return [
		...Object.entries(filled.bounds).flatMap(([name, text]) => given(name, text)),
		...given("input", filled.input),
		...given("classes", filled.classes),
		...(search ? [] : given("candidates", filled.candidates)),
		...(search ? [] : given("top", String(specOf(filled).topK))),
		...given("seed", filled.seed || "0"),
		...(effort === "generate"
			? [["skip-scoring", true] as const]
			: given("objective", search ? proxyOf(filled.objective) : filled.objective)),
		...(effort === "refine" || search ? given("evaluations", filled.evaluations) : []),
		...(effort === "refine" ? given("time-limit", filled.deadline) : []),
		...(search ? [] : given("temperature", filled.temperature)),
		...(search ? [] : given("cell-generator", filled.generator)),
		...given("model-version", filled.version),
		...(latencyTable.value ? given("latency-table", TABLE_FILE) : []),
		...given("max-latency-ms", filled.latency),
		...(search
			? [
					...given("parallelism", String(JOB_PARALLELISM)),
					...given("strategy", strategy),
					...given("costs", cost),
					...given("max-peak-activation-bytes", filled.peak && readCount(filled.peak)),
				]
			: []),
	];
}

/** The request as the methods of the protocol take it. */
export function requestOf(filled: Form): { readonly method: string; readonly body: object } {
	const service = "archgen.orchestrator.v1";
	return filled.effort === "search"
		? {
				method: `${service}.EvolutionJobService/CreateEvolutionJob`,
				body: { evolutionJob: { spec: jobSpecOf(filled) } },
			}
		: { method: `${service}.OrchestratorService/GenerateNetworks`, body: { spec: specOf(filled) } };
}

/** The same request in other tongues, ready to copy. */
export function copiesOf(
	filled: Form,
): Readonly<Record<"Link" | "Command line" | "grpcurl" | "Python", string>> {
	const address = orchestrator.value;
	const [all, search] = [argumentsOf(filled), filled.effort === "search"];
	const flags = all.map(([name, value]) => (value === true ? `--${name}` : `--${name} ${quoted(value)}`));
	const python = all.map(([name, value]) => `${pythonName(name)}=${pythonOf(name, value)}`);
	const { method, body } = requestOf(filled);
	const [command, call] = search
		? ["npx archgen jobs create --run", "client.jobs.create(run=True, "]
		: ["npx archgen generate", "client.generate("];
	return {
		Link: `${location.origin}${location.pathname}#/ask?${formToQuery(filled)}`,
		"Command line": [command, ...flags, `--address ${address}`].join(" "),
		grpcurl: `grpcurl -plaintext -d ${quoted(JSON.stringify(body))} ${address} ${method}`,
		Python: [
			"import archgen",
			"",
			`with archgen.Client("${address}") as client:`,
			`    ${search ? "job" : "answer"} = ${call}${python.join(", ")})`,
		].join("\n"),
	};
}

/** A word of a shell. */
function quoted(text: string): string {
	return /^[\w.,:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const pythonName = (name: string) => (name === "input" ? "input_size" : name.replaceAll("-", "_"));

/** A value of Python: numbers as they are, costs as a list, anything else as text. */
function pythonOf(name: string, value: string | true): string {
	if (value === true) return "True";
	if (name === "costs") return JSON.stringify([value]);
	const isText = name === "model-version" || !/^-?\d+(\.\d+)?$/.test(value);
	return isText ? JSON.stringify(value) : value;
}
