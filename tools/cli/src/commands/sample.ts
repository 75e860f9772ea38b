import { invalidArgument } from "@archgen/errors";
import { DEFAULT_LABEL, findGenerator, type KindOf } from "@archgen/models";
import {
	findDevice,
	findPredictorOrFolder,
	type GuideOption,
	openSpaceBundle,
	parseGuide,
	type SpaceGenerators,
	sampleReport,
} from "@archgen/pipeline";
import {
	DEFAULT_SAMPLER,
	PUBLISHED_SAMPLER,
	type SampleReport,
	type Sampler,
} from "@archgen/score-diffusion";
import { SPACE_NAMES, type SpaceName, searchSpace } from "@archgen/search-space";
import { table } from "@archgen/text";
import { type Command, InvalidArgumentError } from "commander";
import { openStore } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	number,
	printResult,
} from "../cli/index.js";

interface Options extends CommonOptions {
	readonly space: SpaceName;
	readonly generator: string;
	readonly count: number;
	readonly seed: number;
	readonly sampler: keyof typeof SAMPLERS;
	readonly steps?: number;
	readonly guide: readonly GuideOption[];
	readonly condition: readonly string[];
	readonly maxLatencyMs?: number;
	readonly device?: string;
	readonly models?: string;
	readonly modelVersion?: string;
	readonly workers: number;
}

const SAMPLERS = { "probability-flow": DEFAULT_SAMPLER, "predictor-corrector": PUBLISHED_SAMPLER } as const;
const METHODS = Object.keys(SAMPLERS) as (keyof typeof SAMPLERS)[];

/** `archgen sample`: architectures of a space by a trained generator. */
export function sampleCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "sample",
		description: "Sample whole architectures of a search space by a diffusion model, guided by predictors",
		examples: [
			"sample --space nasbench201 --generator score --count 10 --seed 0",
			"sample --space nasbench201 --generator score --count 100 --guide c10_val=10000 --json",
			"sample --space nasbench201 --generator score --count 20 --guide c10_val=10000 --max-latency-ms 20 --device raspi4",
		],
	});
	const several =
		<T>(read: (text: string) => T) =>
		(text: string, before: readonly T[]) => [...before, read(text)];
	return command
		.option("--space <name>", `search space: ${SPACE_NAMES.join(", ")}`, choice(SPACE_NAMES), "nasbench201")
		.option("--generator <name>", "generator of the bundle, as models show lists it", "score")
		.option("--count <n>", "architectures to sample", integer({ min: 1, max: 100_000 }), 10)
		.option("--seed <n>", "seed of the noise", integer(), 0)
		.option("--sampler <name>", `${METHODS.join(" or ")} (as published)`, choice(METHODS), "probability-flow")
		.option(
			"--steps <n>",
			"noise levels; those of the sampler unless given",
			integer({ min: 2, max: 100_000 }),
		)
		.option(
			"--guide <predictor=strength>",
			"lead to large values of a predicted property, or with a negative strength to small ones; 5,000 to 15,000 is useful; may be repeated",
			several(parseGuide),
			[],
		)
		.option(
			"--condition <metric=class>",
			"condition of a generator that has them; may be repeated",
			several(condition),
			[],
		)
		.option("--max-latency-ms <ms>", "upper bound of the predicted latency on --device", number({ min: 0 }))
		.option("--device <name>", "device of --max-latency-ms, e.g. raspi4")
		.option("--models <dir>", "folder of model bundles")
		.option("--model-version <version>", 'version of the bundle; the one labelled "default" unless given')
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.action(async (options: Options) => {
			printResult(context, options, await sample(context, options), describeSamples);
		});
}

/** Parser of METRIC=CLASS. */
function condition(text: string): string {
	if (/^\w+=\w+$/.test(text)) return text;
	throw new InvalidArgumentError("It must be METRIC=CLASS.");
}

type Sample = (context: CliContext, options: Options, generators: SpaceGenerators) => Promise<SampleReport>;

/** Ways of sampling, by kind of generator. A new kind is a line here. */
const SAMPLERS_BY_KIND: Readonly<Record<KindOf<"architectures">, Sample>> = { score: sampleScore };

/** Samples with the generator that the options name. */
async function sample(context: CliContext, options: Options): Promise<SampleReport> {
	const { modelVersion, generator } = options;
	const selector = modelVersion === undefined ? { label: DEFAULT_LABEL } : { version: modelVersion };
	const space = searchSpace(options.space);
	const generators = await openSpaceBundle(openStore(options, context), space, selector, context.signal);
	const { kind } = findGenerator(generators.listed, "architectures", generator, "--generator");
	return SAMPLERS_BY_KIND[kind](context, options, generators);
}

async function sampleScore(
	context: CliContext,
	options: Options,
	generators: SpaceGenerators,
): Promise<SampleReport> {
	const { count, seed, guide: named, condition: conditions, workers, sampler, steps } = options;
	const space = searchSpace(options.space);
	if (conditions.length > 0)
		throw invalidArgument(
			"--condition",
			`the generator "score" has no conditions; lead it with --guide instead`,
			"UNKNOWN_CONDITION",
		);
	requireBoth(options);
	const method: Sampler = { ...SAMPLERS[sampler], ...(steps !== undefined && { steps }) };
	const guides = await Promise.all(
		named.map(async ({ predictor, strength }) => {
			return { predictor: await findPredictorOrFolder(generators, predictor, "--guide"), strength };
		}),
	);
	const job = { count, seed, method, guides, bound: latencyBound(generators, options) };
	return sampleReport(context, space, generators, job, workers);
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

function describeSamples(report: SampleReport): string {
	const { samples, nearest, validity, uniqueness, millisecondsPerSample } = report;
	const shown = nearest ? [nearest] : samples;
	const names = Object.keys(shown[0]?.predicted ?? {});
	const rows = shown.map((sample) => [
		sample.valid ? String(sample.architecture) : "(invalid)",
		...[sample.parameterCount ?? "", sample.macCount ?? ""],
		...names.map((name) => sample.predicted[name]?.toFixed(2) ?? ""),
	]);
	const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
	return [
		...(nearest ? ["No sample meets the bound; the nearest one:"] : []),
		table(["architecture", "parameters", "MACs", ...names], rows),
		`${percent(validity)} valid, ${percent(uniqueness)} of them unique, ${millisecondsPerSample.toFixed(1)} ms a sample`,
	].join("\n");
}
