import { enlargeBatch, type ImageBatch } from "@archgen/datasets";
import { ArchgenError } from "@archgen/errors";
import {
	describeRanking,
	RANKING_SPACE_NAMES,
	type RankingSpaceName,
	rankingDocument,
	validateRanking,
} from "@archgen/experiments";
import type { ProxyName } from "@archgen/proxies";
import type { Target } from "@archgen/search-space";
import type { Command } from "commander";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	printResult,
	proxiesOption,
} from "../cli/index.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

interface Options extends ImageOptions, CommonOptions {
	readonly table: string;
	readonly space: RankingSpaceName;
	readonly limit?: number;
	readonly target?: string;
	readonly size?: number;
	readonly proxies: readonly ProxyName[];
	readonly workers: number;
	readonly out?: string;
}

/** `archgen validate ranking`: what every proxy and combination says about trained accuracy. */
export function rankingCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "ranking",
		description:
			"Compare every proxy and combination with trained accuracies: rank correlations, also at equal MACs and parameters, and the accuracy of the networks that each selects (resumes where it stopped)",
		examples: [
			"validate ranking --table full.csv --space nasbench201 --images cifar10.bin --limit 300",
			"validate ranking --table half.csv --space mnasnet --proxies tcet,tcet_train,synflow --json",
		],
	});
	return addImageOptions(command, { batch: 16 })
		.requiredOption(
			"--table <file>",
			"comma-separated table with a column of architectures and one of accuracies",
		)
		.requiredOption(
			"--space <name>",
			`search space of the table: ${RANKING_SPACE_NAMES.join(", ")}`,
			choice(RANKING_SPACE_NAMES),
		)
		.option("--limit <n>", "use a random sample of this many networks; all unless given", integer({ min: 5 }))
		.option("--target <column>", "column of the accuracies (default: the space's, validation before test)")
		.option(
			"--size <pixels>",
			"image size to score with (default: 64 for mnasnet, else 32)",
			integer({ min: 16, max: 512 }),
		)
		.addOption(proxiesOption("comma-separated (docs/proxies.md); combinations follow from their parts"))
		.option("--workers <n>", "scoring processes of one thread each", integer({ min: 1, max: 256 }), 2)
		.option(
			"--out <file>",
			"finished scores, to resume from (JSON lines; default: a file in runs/ for this space, size, batch, images and seed)",
		)
		.action(async (options: Options) => {
			const batchFor = (target: Target) => rankingBatch(options, target);
			const ranking = await validateRanking(context, { ...options, batchFor });
			if (options.json) printResult(context, options, rankingDocument(ranking), String);
			else printResult(context, options, ranking, describeRanking);
		});
}

/** Side of CIFAR images, which are enlarged to the size asked for. */
const CIFAR_SIDE = 32;

async function rankingBatch(options: Options, scored: Target): Promise<ImageBatch> {
	try {
		return await readBatch(options, scored);
	} catch (error) {
		const tooSmall = error instanceof ArchgenError && error.reason === "IMAGE_SIZE_MISMATCH";
		if (!tooSmall || scored.size % CIFAR_SIDE !== 0) throw error;
		return enlargeBatch(await readBatch(options, { ...scored, size: CIFAR_SIDE }), scored.size);
	}
}
