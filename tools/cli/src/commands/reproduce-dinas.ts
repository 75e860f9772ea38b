import {
	DEFAULT_DISCRETE_METHOD,
	DENOISER_CONFIG,
	PUBLISHED_DENOISER_CONFIG,
} from "@archgen/discrete-diffusion";
import {
	describeDinas,
	describeHardware,
	deviceColumns,
	dinasColumns,
	PUBLISHED_DINAS,
	reproduceDinas,
	reproduceHardware,
} from "@archgen/experiments";
import { naming } from "@archgen/files";
import { type PropertyTableFile, readPropertyTable, TOP_SHARE } from "@archgen/pipeline";
import { type ArchitectureSpace, searchSpace } from "@archgen/search-space";
import type { Command } from "commander";
import {
	bareCommand,
	type CliContext,
	type CommonOptions,
	choice,
	columnStem,
	integer,
	listOf,
	newCommand,
	number,
	printResult,
	resumable,
} from "../cli/index.js";
import { withSteps } from "./training-options.js";

interface SharedOptions extends CommonOptions {
	readonly table: string;
	readonly dataSets: readonly string[];
	readonly network: keyof typeof CONFIGS;
	readonly trainingSteps: number;
	readonly share: number;
	readonly guidance: readonly number[];
	readonly steps: number;
	readonly queries: number;
	readonly seeds: number;
	readonly work: string;
	readonly workers: number;
}

/** Defaults that differ between the commands. */
type Usual = Pick<SharedOptions, "guidance" | "share" | "trainingSteps">;

const CONFIGS = { small: DENOISER_CONFIG, published: PUBLISHED_DENOISER_CONFIG } as const;
const NETWORKS = Object.keys(CONFIGS) as (keyof typeof CONFIGS)[];
const SPACE = searchSpace("nasbench201");

/** `archgen reproduce dinas …`: searches of Asthana et al. (2024). */
export function dinasCommand(context: CliContext): Command {
	return bareCommand(context, "dinas", "Reproduce searches of DiNAS in NAS-Bench-201")
		.addCommand(nb201Command(context))
		.addCommand(hardwareCommand(context));
}

function addShared(command: Command, usual: Usual): Command {
	const count = (max: number) => integer({ min: 1, max });
	const strengths = listOf(number({ min: 0, max: 100 }));
	return command
		.requiredOption("--table <file>", "comma-separated table with arch, c10_val, c10_test and so on")
		.option("--data-sets <stems>", "columns STEM_val and STEM_test", listOf(columnStem), ["c10", "c100"])
		.option("--network <size>", `size of the network: ${NETWORKS.join(" or ")}`, choice(NETWORKS), "small")
		.option("--training-steps <n>", "optimiser steps of each training", count(1e6), usual.trainingSteps)
		.option("--share <s>", "best share that is asked for", number({ min: 1e-6, max: 0.5 }), usual.share)
		.option("--guidance <w>", "comma-separated strengths", strengths, usual.guidance)
		.option("--steps <n>", "reverse steps, published 500", count(500), DEFAULT_DISCRETE_METHOD.steps)
		.option("--queries <n>", "samples in each search", count(100_000), 192)
		.option("--seeds <n>", "searches of each row", count(1000), 10)
		.option("--work <dir>", "folder of the denoisers, trained where they are missing", "runs/dinas")
		.option("--workers <n>", "processor cores to use", count(256), 2);
}

/** The shared part of a job. */
function jobOf({ dataSets, network, trainingSteps, guidance, steps, ...options }: SharedOptions) {
	const { share, queries, seeds, work, workers } = options;
	const config = withSteps(CONFIGS[network], { seed: 0, workers, steps: trainingSteps });
	return { dataSets, share, queries, seeds, guidances: guidance, jumps: steps, config, work, workers };
}

function readTable(
	space: ArchitectureSpace<unknown>,
	path: string,
	columns: readonly string[],
): Promise<PropertyTableFile<unknown>> {
	return naming("table", "--table", () => readPropertyTable(path, space, columns));
}

const RESUME = "Run the same command again to go on.";

function nb201Command(context: CliContext): Command {
	const command = newCommand(context, {
		name: "nb201",
		description:
			"Best architecture by validation among 192 samples, trained with few and with all labels of a table and guided with several strengths, beside random search with the same queries (resumes)",
		examples: [
			"reproduce dinas nb201 --table full.csv",
			"reproduce dinas nb201 --table full.csv --labels 0.1 --guidance 2 --json",
		],
	});
	return addShared(command, { guidance: [0, 1, 2, 4], share: TOP_SHARE, trainingSteps: 1000 })
		.option(
			"--labels <shares>",
			"shares of the table's rows to train on, separated by commas",
			listOf(number({ min: 1e-6, max: 1 })),
			[0.01, 0.1, 1],
		)
		.action(async (options: SharedOptions & { labels: readonly number[] }) => {
			const file = await readTable(SPACE, options.table, dinasColumns(options.dataSets));
			const total = file.table.architectures.length;
			const labels = options.labels.map((share) => Math.max(2, Math.round(share * total)));
			const rows = await resumable(context.signal, RESUME, () =>
				reproduceDinas(context, SPACE, file, { ...jobOf(options), labels }),
			);
			printResult(context, options, { published: PUBLISHED_DINAS, rows }, () => describeDinas(rows));
		});
}

function hardwareCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "hardware",
		description:
			"Best architecture within a bound of latency, asked for by classes of accuracy and of latency, beside the exact optimum and random search (resumes)",
		examples: [
			"reproduce dinas hardware --table full.csv",
			"reproduce dinas hardware --table full.csv --devices raspi4 --bounds 0.1,0.5 --json",
		],
	});
	return addShared(command, { guidance: [0, 1, 2], share: 0.01, trainingSteps: 4000 })
		.option("--devices <stems>", "columns DEVICE_ms", listOf(columnStem), ["raspi4", "pixel3", "fpga"])
		.option(
			"--bounds <shares>",
			"bounds on latency, each as the share of the table's architectures that meet it",
			listOf(number({ min: 1e-6, max: 1 - 1e-6 })),
			[0.25],
		)
		.option(
			"--margin <share>",
			"learn and ask for a bound that is smaller by this share",
			number({ min: 0, max: 0.9 }),
			0,
		)
		.option("--rows <n>", "labelled rows to train on; all unless given", integer({ min: 2 }))
		.action(async (options: SharedOptions & HardwareOptions) => {
			const { devices, bounds, dataSets, margin } = options;
			const columns = [...dinasColumns(dataSets), ...deviceColumns(devices)];
			const file = await readTable(SPACE, options.table, columns);
			const labels = options.rows ?? file.table.architectures.length;
			const rows = await resumable(context.signal, RESUME, () =>
				reproduceHardware(context, SPACE, file, { ...jobOf(options), devices, bounds, margin, labels }),
			);
			printResult(context, options, { rows }, () => describeHardware(rows));
		});
}

interface HardwareOptions {
	readonly devices: readonly string[];
	readonly bounds: readonly number[];
	readonly margin: number;
	readonly rows?: number;
}
