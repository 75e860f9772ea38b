import { ArchgenError } from "@archgen/errors";
import { compareScores, describeGraphNet, recount } from "@archgen/experiments";
import { naming, readNamedJson } from "@archgen/files";
import { RELEASED_ARCHITECTURES } from "@archgen/pipeline";
import { graphNetFileFromJson, type Target } from "@archgen/search-space";
import { type Command, Option } from "commander";
import { type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

interface Options extends ImageOptions, CommonOptions {
	readonly file: string;
	readonly tcet?: boolean;
}

/** Size of the images that scores are compared at; larger published networks are only counted. */
const SCORED_SIZE = 32;

/** `archgen validate graphnet`: published architectures, counted and scored anew. */
export function graphNetCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "graphnet",
		description:
			"Count published architectures anew; parameters and flopCount must agree exactly, T-CET within 6 %",
		examples: ["validate graphnet", "validate graphnet --tcet --images cifar10.bin"],
	});
	return addImageOptions(command)
		.addOption(
			new Option("--file <file>", "published GraphNet architectures with their counts").default(
				RELEASED_ARCHITECTURES,
				"those of the paper's authors, as shipped",
			),
		)
		.option("--tcet", `also score the architectures for images of ${SCORED_SIZE} pixels`)
		.action(async (options: Options) => {
			const { file } = options;
			const json = await readNamedJson("--file", file);
			const counted = await naming("", `--file ${file}`, () => graphNetFileFromJson(json).map(recount));
			const batchFor = (target: Target) => readBatch(options, target, context);
			const task = { size: SCORED_SIZE, seed: options.seed, batchFor };
			const rows = options.tcet ? await compareScores(context, counted, task) : counted;
			printResult(
				context,
				options,
				rows.map(({ network: _, ...row }) => row),
				describeGraphNet,
			);
			const wrong = rows.filter(({ agrees }) => !agrees).length;
			if (wrong > 0)
				throw failed(`${wrong} of ${rows.length} architectures disagree with what is published.`);
		});
}

function failed(message: string): ArchgenError {
	return new ArchgenError({ category: "FAILED_PRECONDITION", reason: "VALIDATION_FAILED", message });
}
