import { validateConstraints } from "@archgen/design";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { parseJson } from "@archgen/files";
import { type JobSpec, type NewJob, type ScoreTable, type ScoreTableRows, STRATEGIES } from "@archgen/jobs";
import type { orchestrator } from "@archgen/rpc";
import { architectureFromText } from "@archgen/score-diffusion";
import {
	architectureKey,
	type SearchSpace,
	SPACE_NAMES,
	type SpaceName,
	searchSpace,
} from "@archgen/search-space";
import { constraintsFromMessage, requireWhole } from "@archgen/wire";

/** Rows of a table at most. */
const MOST_ROWS = 100_000;
const MOST_NAME = 100;
/** Evaluations of a Bayesian search at most: its surrogate knows them all and takes time with their cube. */
const MOST_OBSERVED = 500;
const EVALUATIONS = 100;

/** What a job with a table cannot have, because nothing is scored, drawn or measured. */
const FOREIGN: readonly (keyof orchestrator.EvolutionJobSpec)[] = [
	"inputWidth",
	"inputChannels",
	"outputStride",
	"scoringInputSize",
	"scoringBatchSize",
	"latencyTable",
	"maxLatencyMs",
	"maxPeakActivationBytes",
	"temperature",
];
const FOREIGN_TEXTS = ["cellGenerator", "modelVersion"] as const;

/**
 * A job whose evaluations are looked up in a table.
 *
 * @throws INVALID_ARGUMENT naming the fields of the spec that are wrong
 */
export function tableJob(
	message: orchestrator.EvolutionJobSpec,
	{ space: name, column, rows: messages }: orchestrator.ScoreTable,
	strategy: JobSpec["strategy"],
	seed: Pick<JobSpec, "seed" | "seedSent">,
): NewJob {
	const space = tableSpace(name);
	if (column === "" || column.length > MOST_NAME)
		throw invalidArgument(
			"scoreTable.column",
			`must be the name of the values, at most ${MOST_NAME} characters`,
		);
	if (strategy !== "bo" && strategy !== "random")
		throw invalidArgument("strategy", "must be bo or random where evaluations are looked up");
	refuseForeign(message, space, column);
	const rows = rowsOf(space, messages);
	const { length: count } = rows.values;
	const constraints = constraintsFromMessage(message.constraints);
	validateConstraints(constraints, undefined);
	const most = strategy === "bo" ? Math.min(MOST_OBSERVED, count) : count;
	const spec: JobSpec = {
		target: space.target,
		constraints,
		objective: column,
		evaluations: requireWhole(
			"evaluationCount",
			message.evaluationCount ?? Math.min(EVALUATIONS, most),
			1,
			most,
		),
		populationSize: requireWhole(
			"populationSize",
			message.populationSize ?? STRATEGIES.bo.populationSize,
			1,
			1_000_000,
		),
		...seed,
		parallelism: 1,
		strategy,
		costs: [],
		limits: {},
		latencyTable: null,
		cells: "random",
		temperature: 0.4,
		modelVersion: "",
		scoring: { inputSize: space.target.size, batchSize: 2 },
		table: { space: name as SpaceName, column, rows: count },
	};
	return { spec, rows };
}

function tableSpace(name: string): SearchSpace<unknown> {
	if (!(SPACE_NAMES as readonly string[]).includes(name))
		throw invalidArgument("scoreTable.space", `must be one of ${SPACE_NAMES.join(", ")}`);
	return searchSpace(name);
}

/** @throws INVALID_ARGUMENT naming the first field that has no meaning beside a table */
function refuseForeign(
	message: orchestrator.EvolutionJobSpec,
	{ title, target }: SearchSpace<unknown>,
	column: string,
): void {
	const foreign =
		FOREIGN.find((field) => message[field] !== undefined) ??
		FOREIGN_TEXTS.find((field) => message[field] !== "") ??
		(message.paretoCosts.length > 0 ? "paretoCosts" : message.task === 0 ? undefined : "task");
	if (foreign !== undefined)
		throw invalidArgument(foreign, "has no meaning where evaluations are looked up in a table; leave it out");
	for (const [field, given, own] of [
		["inputSize", message.inputSize, target.size],
		["classCount", message.classCount, target.classes],
	] as const)
		if (given !== 0 && given !== own)
			throw invalidArgument(field, `is ${own} in the tables of ${title}; leave it out`);
	if (message.objective !== "" && message.objective !== column)
		throw invalidArgument("objective", `is the column of the table, ${column}; leave it out`);
}

/** @throws INVALID_ARGUMENT naming the row */
function rowsOf(
	space: SearchSpace<unknown>,
	messages: readonly orchestrator.ScoreTableRow[],
): ScoreTableRows {
	requireWhole("scoreTable.rows", messages.length, 1, MOST_ROWS);
	const at = new Map<string, number>();
	const architectures = messages.map(({ architecture, value }, i) => {
		const field = `scoreTable.rows[${i}]`;
		if (!Number.isFinite(value)) throw invalidArgument(`${field}.value`, "must be a finite number");
		const text = textOf(architecture);
		const key = architectureKey(space, read(space, text, `${field}.architecture`));
		const earlier = at.get(key);
		if (earlier !== undefined)
			throw invalidArgument(`${field}.architecture`, `is that of rows[${earlier}]; keep one of them`);
		at.set(key, i);
		return text;
	});
	return { architectures, values: messages.map(({ value }) => value) };
}

function read(space: SearchSpace<unknown>, text: unknown, field: string): unknown {
	try {
		return architectureFromText(space, text);
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		throw invalidArgument(field, error.message);
	}
}

/** JSON where an architecture is written as more than a text. */
function textOf(architecture: string): unknown {
	if (!/^[{[]/.test(architecture)) return architecture;
	try {
		return parseJson(architecture);
	} catch {
		return architecture;
	}
}

/** The table of a message of a spec, without its rows. */
export function tableToMessage(
	table: ScoreTable | undefined,
): Pick<orchestrator.EvolutionJobSpec, "scoreTable"> {
	return {
		scoreTable: table && { space: table.space, column: table.column, rows: [], rowCount: table.rows },
	};
}
