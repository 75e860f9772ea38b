import { describeAnswer } from "@archgen/client";
import { duration } from "@archgen/text";
import type { Command } from "commander";
import { MODELS_OPTION } from "../bundle/model-folder.js";
import { type CliContext, type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";
import { runGeneration } from "../generate/run-generation.js";

interface Options extends CommonOptions {
	readonly candidates: number;
	readonly seed: number;
	readonly out: string;
	readonly workers: number;
	readonly models?: string;
	readonly model: string;
}

/** Networks in the table. */
const TOP = 5;

/** `archgen demo`: the whole line in one command. */
export function demoCommand(context: CliContext): Command {
	return newCommand(context, {
		name: "demo",
		description:
			"Start the five services on free loopback ports, ask over gRPC for networks at 224x224 with 1000 classes and flopCount up to 450M, and write the best one",
		examples: ["demo", "demo --candidates 40 --out /tmp/best"],
	})
		.option("--candidates <n>", "networks to generate", integer({ min: TOP, max: 1000 }), 100)
		.option("--seed <n>", "seed of everything random", integer({ min: 0 }), 0)
		.option("--out <dir>", "folder for the best network", "archgen-demo")
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option(...MODELS_OPTION)
		.option("--model <name>", "name of the bundle", "default")
		.action(async (options: Options) => {
			const began = performance.now();
			const answer = await runGeneration(context, {
				...options,
				constraints: { maxFlopCount: 450e6 },
				input: 224,
				classes: 1000,
				top: TOP,
				written: 1,
			});
			printResult(context, options, answer, (result) => {
				const files = result.networks[0]?.files?.map((file) => `  ${file}`) ?? [];
				const total = `Finished in ${duration((performance.now() - began) / 1000)}.`;
				return [
					describeAnswer(result),
					...(files.length > 0 ? ["The best network:", ...files] : []),
					total,
				].join("\n");
			});
		});
}
