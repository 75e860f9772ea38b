import { readOneNetwork } from "@archgen/client";
import { outputFolder } from "@archgen/files";
import {
	BN_MODES,
	type BnModeChoice,
	DEFAULT_PROXIES,
	describeScores,
	recordScore,
	type ScoredNetwork,
	scoreWithLayers,
} from "@archgen/pipeline";
import { type ProxyName, ScoringPool } from "@archgen/proxies";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	printResult,
	proxies,
} from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";
import { addIndexOption, addSourceOptions, type SourceOptions } from "../files/network-source.js";

interface Options extends SourceOptions, ImageOptions, CommonOptions {
	readonly bnMode: BnModeChoice;
	readonly size?: number;
	readonly threads: number;
	readonly proxies: readonly ProxyName[];
	readonly record?: string;
}

/** `archgen score`: zero-cost proxies of one network. */
export function scoreCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "score",
		description: "Score one network by zero-cost proxies (docs/proxies.md)",
		examples: [
			"score --network network.json --batch 64 --seed 0 --json",
			"score --network network.json --size 64 --batch 16",
			"score --cell cell.json --proxies synflow,zico,grasp --batch 32",
			"score --cell cell.json --images cifar10.bin --record runs/record",
		],
	});
	addImageOptions(addIndexOption(addSourceOptions(command)))
		.option(
			"--bn-mode <mode>",
			"batch normalisation of proxies that have no mode of their own: eval, train, or published (T-CET in eval mode, saliencies of a cell in train mode)",
			choice(BN_MODES),
			"published",
		)
		.option(
			"--size <pixels>",
			"score at this input size instead of the network's own; requests score networks above 64 pixels with --size 64 --batch 16",
			integer({ min: 16, max: 512 }),
		)
		.option("--proxies <names>", "comma-separated (docs/proxies.md), or all", proxies, [...DEFAULT_PROXIES])
		.option("--threads <n>", "threads to compute with", integer({ min: 1, max: 256 }), 2)
		.option(
			"--record <dir>",
			"also write weights, images and values of every layer to this folder, to check the scores elsewhere",
		);
	return command.action(async (options: Options) => {
		const { scores } = await score(context, options);
		printResult(context, options, scores, describeScores);
	});
}

async function score({ stderr, signal }: CliContext, options: Options): Promise<ScoredNetwork> {
	const { network: asked, cell } = await readOneNetwork(options);
	const network = { ...asked, input: { ...asked.input, size: options.size ?? asked.input.size } };
	if (options.record !== undefined) await outputFolder("--record", options.record);
	const batch = await readBatch(options, { size: network.input.size, classes: network.classes }, { stderr });
	const scorer = ScoringPool.create({ workers: 1, threadsPerWorker: options.threads });
	const progress = startProgress(stderr, { title: "passes", total: 1 });
	try {
		const scored = await scoreWithLayers({
			scorer,
			network,
			counted: asked,
			batch,
			seed: options.seed,
			proxies: options.proxies,
			bnMode: options.bnMode,
			isAlpha: cell !== undefined,
			signal,
			now: () => performance.now(),
		});
		if (options.record !== undefined)
			await recordScore(options.record, { ...scored, network, batch, seed: options.seed });
		return scored;
	} finally {
		progress.stop();
		await scorer.close();
	}
}
