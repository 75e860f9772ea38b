import { join } from "node:path";
import { CCNF_CONFIG, NLL_CONFIG, type Objective } from "@archgen/ccnf";
import { compareObjectives, type ObjectiveResult, rowFigures } from "@archgen/experiments";
import { outputFolder, withFileLock } from "@archgen/files";
import type { Bundle } from "@archgen/models";
import { appendLabel, bundleCellFiles, labelHeader, loadCellModels, openLabels } from "@archgen/pipeline";
import { ScoringPool } from "@archgen/proxies";
import { SessionPool } from "@archgen/tensor-graph";
import { table } from "@archgen/text";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import { addRecordOption, type RecordOption, recordMetrics } from "../bundle/record-metrics.js";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

interface Options extends ImageOptions, ModelOptions, RecordOption, CommonOptions {
	readonly minutes: number;
	readonly cells: number;
	readonly heldOut: number;
	readonly samples: number;
	readonly seeds: number;
	readonly temperature: number;
	readonly workers: number;
	readonly work: string;
}

/** `archgen reproduce objectives`: the two objectives of the flow at equal CPU time. */
export function objectivesCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "objectives",
		description:
			'Train the flow with "nll" and with "flow-matching" for the same CPU time on latents of the bundle\'s G-VAE; compare likelihood and Table 1',
		examples: ["reproduce objectives --minutes 10 --images cifar10.bin --work runs/objectives"],
	});
	return addRecordOption(addModelOptions(addImageOptions(command)))
		.option("--minutes <n>", "CPU minutes of each training", number({ min: 0.01 }), 10)
		.option("--cells <n>", "random cells to learn from", integer({ min: 1 }), 50_000)
		.option("--held-out <n>", "further cells to measure the likelihood on", integer({ min: 2 }), 256)
		.option("--samples <n>", "samples of Table 1 for each seed", integer({ min: 2, max: 10_000 }), 20)
		.option("--seeds <n>", "sampling seeds, from --seed on", integer({ min: 1, max: 1000 }), 5)
		.option("--temperature <t>", "noise of the flow around the reference", number({ min: 0, max: 2 }), 0.7)
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option("--work <dir>", "folder of checkpoints and labels, to go on from", "runs/objectives")
		.action(async (options: Options) => {
			const bundle = await openModel(options, context);
			await outputFolder("--work", options.work);
			const results = await withFileLock(join(options.work, "labels.jsonl"), context.signal, () =>
				compare(context, options, bundle),
			);
			printResult(context, options, results, describe);
			await recordMetrics(context, options, bundle.manifest, "objectives", figuresOf(results));
		});
}

async function compare(
	{ signal, stderr }: CliContext,
	options: Options,
	bundle: Bundle,
): Promise<ObjectiveResult[]> {
	const { seed, workers, work } = options;
	const batch = await readBatch(options, { size: 32, classes: 10 }, { stderr });
	const labels = join(work, "labels.jsonl");
	const known = await openLabels(labels, labelHeader(seed, batch));
	// One thread: CPU time is what is compared, and a second thread would wait as often as it works.
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	const scorer = ScoringPool.create({ workers, threadsPerWorker: 1 });
	try {
		const models = await loadCellModels(pool, await bundleCellFiles(bundle));
		const hint = `Checkpoints are in ${work}; run the same command again to go on.`;
		return await resumable(signal, hint, () =>
			compareObjectives({
				configs: [CCNF_CONFIG, NLL_CONFIG].map((config) => ({ ...config, seed })),
				...{ pool, models, seed, signal },
				samples: options.samples,
				seeds: options.seeds,
				temperature: options.temperature,
				cells: options.cells,
				heldOutCells: options.heldOut,
				checkpointOf: (objective: Objective) => join(work, `${objective}.safetensors`),
				training: {
					budget: 60 * options.minutes,
					cpuSeconds,
					progress: (title, range) => startProgress(stderr, { title, ...range }),
				},
				measuring: {
					...{ scorer, batch, seed, signal, known },
					parallelism: workers,
					keep: (label) => appendLabel(labels, label),
					progress: (title, total) => startProgress(stderr, { title, total }),
				},
			}),
		);
	} finally {
		await scorer.close();
		await pool.close();
	}
}

/** CPU time of all threads of this process; scoring runs in processes of its own. */
function cpuSeconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

/** What the bundle's manifest keeps, by objective. */
function figuresOf(results: readonly ObjectiveResult[]): object {
	const figures = ({ objective, table1, ...rest }: ObjectiveResult) =>
		[objective, { ...rest, table1: rowFigures(table1) }] as const;
	return Object.fromEntries(results.map(figures));
}

function describe(results: readonly ObjectiveResult[]): string {
	const head = [
		"objective",
		"steps",
		"CPU s",
		"held-out NLL",
		"success",
		"uniqueness",
		"ZC distance",
		"predicted distance to cluster means",
	];
	return table(
		head,
		results.map((result) => [
			result.objective,
			result.steps,
			result.cpuSeconds.toFixed(0),
			`${result.heldOutNll.toFixed(1)} ± ${result.heldOutNllError.toFixed(1)}`,
			`${result.table1.successes}/${result.table1.samples}`,
			result.table1.uniqueness.toFixed(2),
			`${result.table1.zcDistance.mean.toFixed(2)} ± ${result.table1.zcDistance.sd.toFixed(2)}`,
			result.synonyms.synonymPredictedDistance!.toFixed(2),
		]),
	);
}
