import type { LatencyTable } from "@archgen/latency/model";
import { type Form, formToQuery } from "./ask-form.js";
import { JOB_PARALLELISM, proxyOf, requestOf, specOf } from "./ask-request.js";

/** Name of the file of the latency table in commands. */
const TABLE_FILE = "latency.csv";

/** An option of a command or an argument of Python, by its name on the command line. */
type Argument = readonly [name: string, value: string | true];

function argumentsOf(filled: Form, table: LatencyTable | undefined): Argument[] {
	const { effort, task } = filled;
	const given = (name: string, value: string): Argument[] => (value.trim() ? [[name, value.trim()]] : []);
	const search = effort === "search";
	const [strategy = "", cost = ""] = filled.strategy.split(":");
	return [
		...Object.entries(filled.bounds).flatMap(([name, text]) => given(name, text)),
		...given("input", filled.input),
		...given("input-width", filled.width),
		...given("input-channels", filled.channels),
		...given("task", task),
		...(task === "dense" ? given("output-stride", filled.stride) : []),
		...(task === "features" ? [] : given("classes", filled.classes)),
		...(search ? [] : given("candidates", filled.candidates)),
		...(search ? [] : given("top", String(specOf(filled, table).topK))),
		...given("seed", filled.seed || "0"),
		...(effort === "generate"
			? [["skip-scoring", true] as const]
			: given("objective", search ? proxyOf(filled.objective) : filled.objective)),
		...(effort === "refine" || search ? given("evaluations", filled.evaluations) : []),
		...(effort === "refine" ? given("time-limit", filled.deadline) : []),
		...(search ? [] : given("temperature", filled.temperature)),
		...(search ? [] : given("cell-generator", filled.generator)),
		...given("model-version", filled.version),
		...(table ? given("latency-table", TABLE_FILE) : []),
		...given("max-latency-ms", filled.latency),
		...(search
			? [
					...given("parallelism", String(JOB_PARALLELISM)),
					...given("strategy", strategy),
					...given("costs", cost),
					...given("max-peak-activation-bytes", filled.peak),
				]
			: []),
	];
}

/** Where the services and the page are. */
export interface Places {
	/** Host and port of the orchestrator. */
	readonly orchestrator: string;
	/** Address of the page without its fragment. */
	readonly page: string;
}

/** The same request in other tongues, ready to copy. */
export function copiesOf(
	filled: Form,
	table: LatencyTable | undefined,
	{ orchestrator, page }: Places,
): Readonly<Record<"Link" | "Command line" | "grpcurl" | "Python", string>> {
	const [all, search] = [argumentsOf(filled, table), filled.effort === "search"];
	const flags = all.map(([name, value]) => (value === true ? `--${name}` : `--${name} ${quoted(value)}`));
	const python = all.map(([name, value]) => `${pythonName(name)}=${pythonOf(name, value)}`);
	const { method, body } = requestOf(filled, table);
	const [command, call] = search
		? ["npx archgen jobs create --run", "client.jobs.create(run=True, "]
		: ["npx archgen generate", "client.generate("];
	return {
		Link: `${page}#/ask?${formToQuery(filled)}`,
		"Command line": [command, ...flags, `--address ${orchestrator}`].join(" "),
		grpcurl: `grpcurl -plaintext -d ${quoted(JSON.stringify(body))} ${orchestrator} ${method}`,
		Python: [
			"import archgen",
			"",
			`with archgen.Client("${orchestrator}") as client:`,
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
