import { inOptions } from "@archgen/client";
import {
	ageingEvolution,
	BAYESIAN_SEARCH,
	CELL_EVOLUTION,
	HL_EVO,
	HL_EVO_MEANS,
	RANDOM_SEARCH,
} from "@archgen/evolution";
import { outputFile } from "@archgen/files";
import {
	describeSearch,
	runSearch,
	type Search,
	type SearchCellsOptions,
	searchCells,
	searchSummary,
} from "@archgen/pipeline";
import {
	DEFAULT_SEARCH_PROXY_TEXT,
	defaultSearchProxy,
	PROXY_NAMES,
	type ProxyName,
	withUsualDepth,
} from "@archgen/proxies";
import { SessionPool } from "@archgen/tensor-graph";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";
import { addBudgetOptions, type BudgetOptions, constraintsOf } from "../files/budget-options.js";
import { readBatch } from "../files/image-source.js";

interface Options extends BudgetOptions, ModelOptions, SearchCellsOptions, CommonOptions {
	readonly evaluations: number;
	readonly population?: number;
	readonly objective?: ProxyName;
	readonly predicted: boolean;
	readonly strategy: keyof typeof STRATEGIES;
	readonly scoringSize?: number;
	readonly scoringBatch: number;
	readonly images?: string;
	readonly seed: number;
	readonly workers: number;
	readonly out: string;
}

const STRATEGIES = {
	"hl-evo": HL_EVO,
	"hl-evo-means": HL_EVO_MEANS,
	ageing: ageingEvolution(),
	cells: CELL_EVOLUTION,
	random: RANDOM_SEARCH,
	bo: BAYESIAN_SEARCH,
};

/** Scoring a large image costs much and says little more, so searches look at no more than this side unless told to. */
const LARGEST_SCORING_SIZE = 64;

/** `archgen evolve`: search networks under budgets. */
export function evolveCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "evolve",
		description:
			"Search networks under budgets by HL-Evo or another strategy and keep the history (resumes where it stopped). Budgets hold exactly at --input; " +
			"networks are scored at --scoring-size with --scoring-batch images, which is much cheaper.",
		examples: [
			"evolve --input 32 --classes 10 --max-flop-count 200M --evaluations 500 --out runs/cifar.jsonl",
		],
	});
	addModelOptions(addBudgetOptions(command))
		.option("--evaluations <n>", "networks to evaluate in all", integer({ min: 1 }), 1500)
		.option(
			"--population <n>",
			"size of the population; unless given 512, with --strategy cells 64, with bo 128",
			integer({ min: 1 }),
		)
		.option(
			"--objective <proxy>",
			`proxy to maximise; unless given ${DEFAULT_SEARCH_PROXY_TEXT}: ${PROXY_NAMES.join(", ")}`,
			choice(PROXY_NAMES),
		)
		.option(
			"--strategy <name>",
			"hl-evo (synonyms of found cells), hl-evo-means (cells around cluster means), ageing (ageing evolution), cells (ageing evolution of the cells themselves, without clusters), random or bo (Bayesian optimisation); see docs/search.md",
			choice(names(STRATEGIES)),
			"hl-evo",
		)
		.option(
			"--predicted",
			"count what networks promise by structure and layer shapes instead of running them, in a fraction of the time; for tcet, tcet_train, and tcet_fit and tcet_structure with and without size",
		)
		.option(
			"--scoring-size <pixels>",
			"image size for scoring; the input size, at most 64, unless given",
			integer({ min: 16, max: 512 }),
		)
		.option("--scoring-batch <n>", "images to score each network with", integer({ min: 2, max: 1024 }), 16)
		.option("--images <file>", "real images, resized to the scoring size; noise unless given")
		.option("--seed <n>", "seed of everything random", integer(), 0)
		.option("--workers <n>", "scoring processes; only 1 is reproducible", integer({ min: 1, max: 256 }), 2);
	addCellOptions(command);
	return command.action(async (options: Options) => {
		const records = await evolve(context, options);
		printResult(context, options, searchSummary(options.out, records), describeSearch);
	});
}

function addCellOptions(command: Command): void {
	command
		.option("--work <dir>", "folder of a training whose cell models to use instead of a bundle's")
		.option("--random-cells", "draw cells at random instead of from a model: the baseline")
		.option("--cell-generator <name>", "generator of the cells, as models show lists it; flow unless given")
		.option(
			"--temperature <t>",
			"scale of the noise for cells around cluster means; synonyms are drawn at 1",
			number({ min: 0, max: 2 }),
			0.4,
		)
		.option("--out <file>", "file of the history (JSON lines, docs/data-formats.md)", "runs/history.jsonl");
}

async function evolve(context: CliContext, options: Options) {
	await outputFile("--out", options.out);
	const hint = `The history is in ${options.out}; run the same command again to go on.`;
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	try {
		const source = await searchCells(pool, options, () => openModel(options, context));
		const target = { size: options.input, classes: options.classes };
		const bounds = constraintsOf(options);
		const proxy = options.objective ?? defaultSearchProxy(bounds);
		const search: Search = {
			title: "evolve",
			options: {
				target,
				constraints: withUsualDepth(bounds, [proxy], target),
				clusters: source.clusters,
				evaluations: options.evaluations,
				...(options.population !== undefined && { populationSize: options.population }),
				seed: options.seed,
				strategy: STRATEGIES[options.strategy],
			},
			cells: source.cells,
			cellIdentity: source.identity,
			batch: await scoringBatch(context, options),
			proxy,
			predicted: options.predicted,
			workers: options.workers,
			out: options.out,
		};
		return await resumable(context.signal, hint, () => runSearch(context, search));
	} catch (error) {
		throw inOptions(error);
	} finally {
		await pool.close();
	}
}

function scoringBatch(
	context: CliContext,
	{ input, classes, scoringSize, scoringBatch: batch, images, seed }: Options,
) {
	const size = scoringSize ?? Math.min(input, LARGEST_SCORING_SIZE);
	return readBatch({ images, batch, seed }, { size, classes }, context);
}

function names<T extends object>(table: T): readonly (keyof T & string)[] {
	return Object.keys(table) as (keyof T & string)[];
}
