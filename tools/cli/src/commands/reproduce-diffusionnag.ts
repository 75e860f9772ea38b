import { ACQUISITION_NAMES, BAYESIAN_OPTIONS } from "@archgen/bayesian-optimization";
import {
	BO_SOURCES,
	describeBo,
	describeFronts,
	describeTable3,
	describeTable4,
	deviceColumns,
	PUBLISHED_BO,
	PUBLISHED_TABLE3,
	PUBLISHED_TABLE4,
	reproduceBo,
	reproduceFronts,
	reproduceTable3,
	reproduceTable4,
	type Table3Row,
	table3Columns,
	writeBoPlots,
} from "@archgen/experiments";
import { naming } from "@archgen/files";
import { DEFAULT_LABEL } from "@archgen/models";
import {
	openSpaceBundle,
	readPropertyTable,
	readScore,
	requirePart,
	SCORE_SAMPLERS,
	type ScoreFolder,
} from "@archgen/pipeline";
import type { Sampler } from "@archgen/score-diffusion";
import { type SearchSpace, SPACE_NAMES, type SpaceName, searchSpace } from "@archgen/search-space";
import type { Command } from "commander";
import { MODELS_OPTION, openStore } from "../bundle/model-folder.js";
import {
	bareCommand,
	type CliContext,
	type CommonOptions,
	choice,
	choices,
	columnStem,
	integer,
	listOf,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";

interface SharedOptions extends CommonOptions {
	readonly space: SpaceName;
	readonly score?: string;
	readonly models?: string;
	readonly sampler: keyof typeof SCORE_SAMPLERS;
	readonly steps?: number;
	readonly count: number;
	readonly workers: number;
}

const METHODS = Object.keys(SCORE_SAMPLERS) as (keyof typeof SCORE_SAMPLERS)[];

/** `archgen reproduce diffusionnag …`: tables of An et al. (2024). */
export function diffusionNagCommand(context: CliContext): Command {
	return bareCommand(context, "diffusionnag", "Reproduce tables and Bayesian optimisation of DiffusionNAG")
		.addCommand(table4Command(context))
		.addCommand(table3Command(context))
		.addCommand(boCommand(context))
		.addCommand(frontsCommand(context));
}

function addShared(command: Command, count = 1000): Command {
	return command
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.option(
			"--score <dir>",
			"folder that train diffusion wrote; the score of the space's bundle unless given",
		)
		.option(...MODELS_OPTION)
		.option("--sampler <name>", `${METHODS.join(" or ")} (as published)`, choice(METHODS), "probability-flow")
		.option(
			"--steps <n>",
			"noise levels; those of the sampler unless given",
			integer({ min: 2, max: 100_000 }),
		)
		.option("--count <n>", "samples of each row and seed", integer({ min: 1, max: 100_000 }), count)
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2);
}

function samplerOf({ sampler, steps }: SharedOptions): Sampler {
	return { ...SCORE_SAMPLERS[sampler], ...(steps !== undefined && { steps }) };
}

async function scoreOf(
	context: CliContext,
	space: SearchSpace<unknown>,
	options: SharedOptions,
): Promise<ScoreFolder> {
	if (options.score !== undefined) return readScore(options.score);
	const store = openStore(options, context);
	return requirePart(await openSpaceBundle(store, space, { label: DEFAULT_LABEL }, context.signal), "score");
}

function table4Command(context: CliContext): Command {
	const command = newCommand(context, {
		name: "table4",
		description: "Table 4: validity, uniqueness and novelty of unguided samples, beside uniform draws",
		examples: [
			"reproduce diffusionnag table4 --json",
			"reproduce diffusionnag table4 --without-positions runs/nasbench201/score-without-positions",
		],
	});
	return addShared(command)
		.option("--without-positions <dir>", "also measure this score, trained with --no-positions")
		.option("--seeds <n>", "sampling seeds, from 0 on", integer({ min: 1, max: 1000 }), 3)
		.action(async (options: SharedOptions & { withoutPositions?: string; seeds: number }) => {
			const space = searchSpace(options.space);
			const { withoutPositions, count, seeds, workers } = options;
			const scores: Record<string, ScoreFolder> = { score: await scoreOf(context, space, options) };
			if (withoutPositions !== undefined)
				scores["score without positions"] = await readScore(withoutPositions);
			const job = { scores, sampler: samplerOf(options), count, seeds, workers };
			const rows = await reproduceTable4(context, space, job);
			printResult(context, options, { sampler: job.sampler, published: PUBLISHED_TABLE4, rows }, (result) =>
				describeTable4(result.rows),
			);
		});
}

interface Table3Options extends SharedOptions {
	readonly table: string;
	readonly dataSets: readonly string[];
	readonly labels?: readonly (number | undefined)[];
	readonly strengths: readonly number[];
	readonly seed: number;
	readonly work: string;
}

function table3Command(context: CliContext): Command {
	const command = newCommand(context, {
		name: "table3",
		description:
			"Table 3: test accuracies of sampled architectures, guided by predictors trained on few, more and all validation accuracies of a table, beside the best of the table, random draws and sorted unguided samples (resumes)",
		examples: [
			"reproduce diffusionnag table3 --table full.csv",
			"reproduce diffusionnag table3 --table full.csv --labels all --strengths 5000,10000,15000 --json",
		],
	});
	const strength = integer({ min: 0, max: 1_000_000 });
	const labels = (word: string) => (word === "all" ? undefined : integer({ min: 2 })(word));
	return addShared(command)
		.requiredOption("--table <file>", "comma-separated table with arch, c10_val, c10_test and so on")
		.option("--data-sets <stems>", "columns STEM_val and STEM_test", listOf(columnStem), ["c10", "c100"])
		.option(
			"--labels <numbers>",
			"labelled architectures to train predictors on, numbers or all, separated by commas; 50,200,all unless given",
			listOf(labels),
		)
		.option(
			"--strengths <k>",
			"strengths of guidance, separated by commas; those after the first only with the most labels",
			listOf(strength),
			[10_000, 5000, 15_000],
		)
		.option("--seed <n>", "seed of rows, weights and noise", integer(), 0)
		.option("--work <dir>", "folder of the predictors, trained where they are missing", "runs/diffusionnag")
		.action(async (options: Table3Options) => {
			const rows = await resumable(context.signal, "Run the same command again to go on.", () =>
				table3(context, options),
			);
			const result = { sampler: samplerOf(options), published: PUBLISHED_TABLE3, rows };
			printResult(context, options, result, () => describeTable3(rows));
		});
}

/** Rows of the predictors; all of the table in place of undefined. */
const DEFAULT_LABELS = [50, 200, undefined];

async function table3(context: CliContext, options: Table3Options): Promise<Table3Row[]> {
	const space = searchSpace(options.space);
	const { dataSets, strengths, count, seed, work, workers } = options;
	const file = await naming("table", "--table", () =>
		readPropertyTable(options.table, space, table3Columns(dataSets)),
	);
	const total = file.table.architectures.length;
	const labels = (options.labels ?? DEFAULT_LABELS).map((rows) => rows ?? total);
	const sampler = samplerOf(options);
	return reproduceTable3(context, space, file, await scoreOf(context, space, options), {
		...{ dataSets, labels, strengths, sampler, count, seed, work, workers },
	});
}

interface BoOptions extends SharedOptions {
	readonly table: string;
	readonly dataSets: readonly string[];
	readonly sources: readonly (typeof BO_SOURCES)[number][];
	readonly acquisitions: readonly (typeof ACQUISITION_NAMES)[number][];
	readonly evaluations: number;
	readonly initial: number;
	readonly beta: number;
	readonly strength: number;
	readonly every: number;
	readonly seeds: number;
	readonly work: string;
	readonly plots?: string;
}

function boCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "bo",
		description:
			"Accuracy against evaluations of Bayesian optimisation, by source of candidates and acquisition function, compared with random search (resumes); --count is the number of candidates",
		examples: ["reproduce diffusionnag bo --table full.csv --acquisitions ei,ucb --seeds 3"],
	});
	const whole = integer({ min: 1, max: 100_000 });
	return addShared(command, BAYESIAN_OPTIONS.candidates)
		.requiredOption("--table <file>", "comma-separated table with arch, c10_val, c10_test and so on")
		.option("--data-sets <stems>", "columns STEM_val and STEM_test", listOf(columnStem), ["c10", "c100"])
		.option("--sources <names>", `comma-separated: ${BO_SOURCES.join(", ")}`, choices(BO_SOURCES), BO_SOURCES)
		.option(
			"--acquisitions <names>",
			`comma-separated: ${ACQUISITION_NAMES.join(", ")}`,
			choices(ACQUISITION_NAMES),
			ACQUISITION_NAMES,
		)
		.option("--evaluations <n>", "evaluations in each search", whole, BAYESIAN_OPTIONS.evaluations)
		.option("--initial <n>", "random evaluations at the start of a search", whole, BAYESIAN_OPTIONS.initial)
		.option("--beta <b>", "standard deviations added by ucb", number({ min: 0 }), BAYESIAN_OPTIONS.beta)
		.option("--strength <k>", "strength of guidance", number({ min: 0 }), 1000)
		.option("--every <n>", "evaluations before candidates are generated anew", whole, 10)
		.option("--seeds <n>", "searches of each row", whole, 10)
		.option("--work <dir>", "folder of finished searches", "runs/diffusionnag/bo")
		.option("--plots <dir>", "folder for a plot of each data set and acquisition function")
		.action(async (options: BoOptions) => {
			const rows = await resumable(context.signal, "Run the same command again to go on.", () =>
				bo(context, options),
			);
			if (options.plots !== undefined) await writeBoPlots(options.plots, rows);
			printResult(context, options, { published: PUBLISHED_BO, rows }, () => describeBo(rows));
		});
}

async function bo(context: CliContext, options: BoOptions) {
	const space = searchSpace(options.space);
	const { evaluations, initial, beta, count: candidates, strength, every } = options;
	const file = await naming("table", "--table", () =>
		readPropertyTable(options.table, space, table3Columns(options.dataSets)),
	);
	const score = await scoreOf(context, space, options);
	const guided = { strength, every, sampler: samplerOf(options) };
	const settings = { evaluations, initial, beta, candidates };
	const job = { ...options, space, file, score, guided, options: settings };
	return naming("table", "--table", () => reproduceBo(context, job));
}

interface FrontsOptions extends SharedOptions {
	readonly table: string;
	readonly dataSets: readonly string[];
	readonly devices: readonly string[];
	readonly rows: number;
	readonly trials: number;
	readonly kept: number;
	readonly seed: number;
}

function frontsCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "fronts",
		description:
			"Samples guided by accuracy, parameters, MACs and latency at once, with strengths found by a search, compared with the exact front of the table and random architectures",
		examples: ["reproduce diffusionnag fronts --table full.csv --devices raspi4 --rows 300"],
	});
	const whole = integer({ min: 1, max: 100_000 });
	return addShared(command)
		.requiredOption("--table <file>", "comma-separated table with arch, c10_val, raspi4_ms and so on")
		.option("--data-sets <stems>", "columns STEM_val", listOf(columnStem), ["c10"])
		.option("--devices <stems>", "columns DEVICE_ms", listOf(columnStem), ["raspi4", "pixel3", "fpga"])
		.option("--rows <n>", "labelled rows to train the predictors on", integer({ min: 2 }), 300)
		.option("--trials <n>", "combinations of strengths to try, with 64 samples each", whole, 24)
		.option("--kept <n>", "best combinations of strengths, to sample with", whole, 8)
		.option("--seed <n>", "seed of rows, strengths and noise", integer(), 0)
		.action(async (options: FrontsOptions) => {
			const { dataSets, devices, rows: labels, count: samples } = options;
			const space = searchSpace(options.space);
			const columns = [...dataSets.map((stem) => `${stem}_val`), ...deviceColumns(devices)];
			const file = await naming("table", "--table", () => readPropertyTable(options.table, space, columns));
			const score = await scoreOf(context, space, options);
			const sampling = {
				sampler: samplerOf(options),
				samples,
				samplesOfTrial: 64,
				total: [500, 8000],
			} as const;
			const rows = await reproduceFronts(context, space, file, score, { ...options, ...sampling, labels });
			printResult(context, options, { rows }, () => describeFronts(rows));
		});
}
