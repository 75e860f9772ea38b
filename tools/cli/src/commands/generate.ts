import type { Answer } from "@archgen/client";
import {
	type ConnectionOptions,
	connectionOf,
	describeAnswer,
	hasAddress,
	readLatencyTable,
} from "@archgen/client";
import { invalidArgument } from "@archgen/errors";
import { DEFAULT_OBJECTIVE, OBJECTIVE_NAMES, type ObjectiveName } from "@archgen/proxies";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	choice,
	Ending,
	integer,
	NOTHING_FOUND,
	newCommand,
	number,
	printResult,
} from "../cli/index.js";
import {
	addBudgetOptions,
	addPurposeOptions,
	type BudgetOptions,
	constraintsOf,
} from "../files/budget-options.js";
import { runGeneration } from "../generate/run-generation.js";
import { addConnection } from "../services/connection.js";

interface Options extends BudgetOptions, CommonOptions, ConnectionOptions {
	readonly candidates: number;
	readonly scored?: number;
	readonly top?: number;
	readonly seed: number;
	readonly models?: string;
	readonly model: string;
	readonly workers: number;
	readonly images?: string;
	readonly out?: string;
	readonly latencyTable?: string;
	readonly maxLatencyMs?: number;
	readonly objective: ObjectiveName;
	readonly evaluations?: number;
	readonly temperature: number;
	readonly sequenceTemperature: number;
	readonly drawsPerSequence: number;
	readonly naswot?: number;
	readonly snipSsnr?: number;
	readonly modelVersion?: string;
	readonly cellGenerator?: string;
	readonly skipScoring?: boolean;
	readonly timeLimit?: number;
}

/** Networks to return unless fewer candidates are asked for. */
const USUAL_TOP = 5;

/** `archgen generate`: networks under budgets, over gRPC. */
export function generateCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "generate",
		description:
			"Generate networks under budgets. Asks the orchestrator at --address, or starts the five services on free loopback ports for this one request.",
		examples: [
			"generate --max-flop-count 450M --input 224 --classes 1000 --candidates 20 --top 3 --seed 0 --json --out networks",
			"generate --input 85 --input-channels 1 --task dense --classes 1 --max-mac-count 500M --candidates 20",
			"generate --max-parameter-count 1M --input 32 --classes 10 --evaluations 500 --objective tcet",
		],
	});
	return addConnection(addPurposeOptions(addBudgetOptions(command)))
		.option("--candidates <n>", "networks to generate, 1 to 1000", integer(), 100)
		.option(
			"--scored <n>",
			"candidates to score, the most promising by structure and layer shapes; unless given a fifth, at least 16, with tcet-fit, tcet-structure, tcet-train and tcet, all with other objectives",
			integer(),
		)
		.option("--top <k>", "networks to return, best objective first; 5 unless given", integer())
		.option(
			"--objective <name>",
			`score to maximise and to rank by: ${OBJECTIVE_NAMES.join(", ")}`,
			choice(OBJECTIVE_NAMES),
			DEFAULT_OBJECTIVE,
		)
		.option(
			"--evaluations <n>",
			"refine the candidates by evolution until this many networks are evaluated; no refinement unless given",
			integer({ min: 1, max: 100_000 }),
		)
		.option("--temperature <t>", "noise scale when cells are drawn", number({ min: 0.001, max: 2 }), 0.4)
		.option(
			"--sequence-temperature <t>",
			"how freely sequences of stages are written; near 0 only the likeliest one",
			number({ min: 0.001, max: 5 }),
			0.5,
		)
		.option("--draws-per-sequence <n>", "networks per sequence of stages", integer({ min: 1, max: 100 }), 4)
		.option("--naswot <x>", "NASWOT that sequences aim at; no bound", number({ min: 0.001 }))
		.option("--snip-ssnr <x>", "SNIP-SSNR that sequences aim at; no bound", number({ min: 0.001 }))
		.option("--seed <n>", "seed of everything random", integer({ min: 0 }), 0)
		.option(
			"--time-limit <seconds>",
			"with --evaluations: stop then with the best found",
			number({ min: 1, max: 86_400 }),
		)
		.option("--skip-scoring", "answer in seconds with unscored networks, the largest flopCount first")
		.option("--address <host:port>", "orchestrator to ask; started here unless given")
		.option("--models <dir>", "folder of model bundles, for services started here")
		.option("--model <name>", "name of the bundle", "default")
		.option(
			"--model-version <version>",
			'version of the bundle that must answer; the one labelled "default" unless given',
		)
		.option(
			"--cell-generator <name>",
			"generator of the cells, as models show lists it, or random; flow unless given",
		)
		.option("--workers <n>", "scoring processes, for services started here", integer({ min: 1, max: 256 }), 2)
		.option(
			"--images <file>",
			"real images for scoring, resized where they have another size, for services started here",
		)
		.option("--latency-table <file>", "operation latencies of the device, as profile-latency writes them")
		.option("--max-latency-ms <ms>", "at most this latency, predicted by --latency-table", number({ min: 0 }))
		.option(
			"--out <dir>",
			"write every returned network as ONNX, TensorFlow Lite, PyTorch file, JSON and SVG, and the answer as results.json",
		)
		.action(async (options: Options) => {
			const answer = await generate(context, options);
			printResult(context, options, answer, describeAnswer);
			if (answer.networks.length === 0) throw new Ending(NOTHING_FOUND);
		});
}

async function generate(context: CliContext, options: Options): Promise<Answer> {
	if (options.timeLimit !== undefined && options.evaluations === undefined)
		throw invalidArgument("--time-limit", "ends refinement; give --evaluations with it");
	if (options.skipScoring && options.evaluations !== undefined)
		throw invalidArgument("--skip-scoring", "leaves nothing to evolve by; leave out --evaluations");
	const top = options.top ?? Math.min(USUAL_TOP, options.candidates);
	const latencyTable = await readLatencyTable(options.latencyTable);
	return runGeneration(context, {
		...options,
		latencyTable,
		connection: (await hasAddress(options, context.environment))
			? await connectionOf(options, context.environment, "")
			: undefined,
		constraints: constraintsOf(options),
		top,
		written: top,
	});
}
