import { CONSTRAINT_NAMES } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { resolveRequest } from "@archgen/generation";
import { type Question, targetOf } from "./ask.js";

/** Options by the names that the generator's own checks give them. */
const FLAGS: ReadonlyMap<string, string> = new Map([
	["target.size", "--input"],
	["target.classes", "--classes"],
	["target.width", "--input-width"],
	["target.channels", "--input-channels"],
	["target.task", "--task"],
	["target.outputStride", "--output-stride"],
	["candidates", "--candidates"],
	["topK", "--top"],
	["scoredCandidates", "--scored"],
	["seed", "--seed"],
	...CONSTRAINT_NAMES.map((name) => [`constraints.${name}`, flagOf(name)] as const),
]);

/**
 * Refuses what no orchestrator would answer, before anything is started.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming every offending option
 */
export function checkQuestion(question: Question): void {
	const { constraints, candidates, scored, top, seed } = question;
	try {
		resolveRequest({
			target: targetOf(question),
			constraints,
			candidates,
			topK: top,
			seed,
			...(scored && { scoredCandidates: scored }),
		});
	} catch (error) {
		throw inOptions(error);
	}
}

/** Options by the names of a request's fields over gRPC that differ from them. */
const WIRE: Readonly<Record<string, string>> = {
	input_size: "--input",
	class_count: "--classes",
	top_k: "--top",
	scored_candidates: "--scored",
	evaluation_count: "--evaluations",
	population_size: "--population",
	refinement_time_limit_seconds: "--time-limit",
	pareto_costs: "--costs",
	scoring_input_size: "--scoring-size",
	scoring_batch_size: "--scoring-batch",
	evolution_job_id: "--id",
};

/** Fields that are named as their option. */
const SAME = new Set([
	...[
		"candidates",
		"seed",
		"objective",
		"temperature",
		"sequence_temperature",
		"draws_per_sequence",
		"naswot",
		"snip_ssnr",
		"model_version",
		"cell_generator",
		"skip_scoring",
		"strategy",
		"parallelism",
		"input_width",
		"input_channels",
		"task",
		"output_stride",
	],
	...["latency_table", "max_latency_ms", "max_peak_activation_bytes"],
	...CONSTRAINT_NAMES.map((name) => flagOf(name).slice(2).replaceAll("-", "_")),
]);

/** Messages in which a field lies. */
const PARENTS = /^(spec|evolution_job|constraints|target)\./;

/** The option of a field of a request, as the domain or the protocol names it; undefined for a field that no option sets. */
function optionOf(field: string): string | undefined {
	const known = FLAGS.get(field);
	if (known !== undefined) return known;
	let name = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
	while (PARENTS.test(name)) name = name.replace(PARENTS, "");
	const [, head = "", rest = ""] = /^([a-z_0-9]+)(.*)$/s.exec(name) ?? [];
	const option = WIRE[head] ?? (SAME.has(head) ? `--${head.replaceAll("_", "-")}` : undefined);
	return option && `${option}${rest.replace(/^\./, " ")}`;
}

/** An error that names fields of a request, with the options they came from; any other comes back unchanged. */
export function inOptions(error: unknown): unknown {
	if (
		!(error instanceof ArchgenError) ||
		!error.violations.some(({ field }) => optionOf(field) !== undefined)
	)
		return error;
	const violations = error.violations.map(({ field, description }) => ({
		field: optionOf(field) ?? field,
		description,
	}));
	const message = violations.map(({ field, description }) => `${field} ${description}`).join("; ");
	return new ArchgenError({ ...error, message, violations });
}

/** Does what asks a server; what is wrong with the request is said in options. */
export async function inOptionsOf<T>(ask: () => Promise<T>): Promise<T> {
	try {
		return await ask();
	} catch (error) {
		throw inOptions(error);
	}
}

/** `maxFlopCount` as `--max-flop-count`. */
function flagOf(name: string): string {
	return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
