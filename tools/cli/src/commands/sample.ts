import { invalidArgument } from "@archgen/errors";
import { DEFAULT_LABEL, findGenerator } from "@archgen/models";
import {
	describeSamples,
	findDevice,
	openSpaceBundle,
	parseCondition,
	parseGuide,
	SAMPLING,
	type SamplingOptions,
	SCORE_SAMPLERS,
	type SpaceGenerators,
	sampleReport,
} from "@archgen/pipeline";
import type { SampleReport } from "@archgen/score-diffusion";
import {
	ARCHITECTURE_SPACE_NAMES,
	type ArchitectureSpaceName,
	architectureSpace,
} from "@archgen/search-space";
import type { Command } from "commander";
import { MODELS_OPTION, openStore } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	number,
	printResult,
	several,
} from "../cli/index.js";

interface Options extends CommonOptions, SamplingOptions {
	readonly space: ArchitectureSpaceName;
	readonly generator?: string;
	readonly count: number;
	readonly seed: number;
	readonly maxLatencyMs?: number;
	readonly device?: string;
	readonly models?: string;
	readonly modelVersion?: string;
	readonly workers: number;
}

const SPACES = ARCHITECTURE_SPACE_NAMES;
const METHODS = Object.keys(SCORE_SAMPLERS) as (keyof typeof SCORE_SAMPLERS)[];

/** `archgen sample`: architectures of a space by a trained generator. */
export function sampleCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "sample",
		description:
			"Sample whole architectures of a search space by a diffusion model, guided by predictors or by conditions",
		examples: [
			"sample --space nasbench201 --generator score --count 10 --seed 0",
			"sample --space nasbench201 --generator score --count 100 --guide c10_val=10000 --json",
			"sample --space nasbench201 --generator score --count 20 --guide c10_val=10000 --max-latency-ms 20 --device raspi4",
			"sample --space nasbench201 --generator discrete --count 100 --condition c10_val=top --json",
		],
	});
	return command
		.option("--space <name>", `search space: ${SPACES.join(", ")}`, choice(SPACES), "nasbench201")
		.option(
			"--generator <name>",
			"generator of the bundle, as models show lists it, such as score or discrete; the first one unless given",
		)
		.option("--count <n>", "architectures to sample", integer({ min: 1, max: 100_000 }), 10)
		.option("--seed <n>", "seed of the noise", integer(), 0)
		.option(
			"--sampler <name>",
			`generator score: ${METHODS.join(" or ")} (as published); ${METHODS[0]} unless given`,
			choice(METHODS),
		)
		.option(
			"--steps <n>",
			"noise levels (generator score) or reverse steps (discrete); those of the generator unless given",
			integer({ min: 2, max: 100_000 }),
		)
		.option(
			"--guide <predictor=strength>",
			"generator score: guide to large values of a predicted property, with a negative strength to small ones; 5000 to 15000 is useful; may be repeated",
			several(parseGuide),
			[],
		)
		.option(
			"--condition <metric=class>",
			"generator discrete: class that samples shall have, such as c10_val=top; may be repeated",
			several(parseCondition),
			[],
		)
		.option(
			"--guidance <w>",
			"generator discrete: strength of classifier-free guidance by the conditions, 0 for none; 2 unless given",
			number({ min: 0 }),
		)
		.option("--max-latency-ms <ms>", "at most this predicted latency on --device", number({ min: 0 }))
		.option("--device <name>", "device that --max-latency-ms is about, e.g. raspi4")
		.option(...MODELS_OPTION)
		.option("--model-version <version>", 'version of the bundle; the one labelled "default" unless given')
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.action(async (options: Options) => {
			printResult(context, options, await sample(context, options), describeSamples);
		});
}

/** Samples with the generator that the options name. */
async function sample(context: CliContext, options: Options): Promise<SampleReport> {
	const { modelVersion, count, seed, workers } = options;
	const selector = modelVersion === undefined ? { label: DEFAULT_LABEL } : { version: modelVersion };
	const space = architectureSpace(options.space);
	const { signal } = context;
	const generators = await openSpaceBundle(openStore(options, context), space, selector, signal);
	const { kind, name } = findGenerator(
		generators.listed,
		"architectures",
		options.generator ?? "",
		"--generator",
	);
	requireBoth(options);
	const job = { count, seed, bound: latencyBound(generators, options) };
	const { prepare, advice } = SAMPLING[kind];
	const run = await prepare(generators, space, options, job, signal);
	const sampling = {
		space: space.name,
		generator: name,
		count,
		workers,
		advice: advice(options),
		sample: run,
	};
	return sampleReport(context, sampling);
}

function latencyBound(generators: SpaceGenerators, { maxLatencyMs: most, device }: Options) {
	if (most === undefined || device === undefined) return undefined;
	return { predictor: findDevice(generators, device, "--device"), most };
}

function requireBoth({ maxLatencyMs, device }: Options): void {
	if ((maxLatencyMs === undefined) === (device === undefined)) return;
	const [given, missing] =
		maxLatencyMs === undefined ? ["--device", "--max-latency-ms"] : ["--max-latency-ms", "--device"];
	throw invalidArgument(missing!, `is missing; ${given} needs it`);
}
