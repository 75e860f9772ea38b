import { ArchgenError, invalidArgument } from "@archgen/errors";
import { compareScore, type GraphNetRow, recount } from "@archgen/experiments";
import { naming, readNamedJson } from "@archgen/files";
import { ScoringPool } from "@archgen/proxies";
import { graphNetFileFromJson } from "@archgen/search-space";
import { table } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { addImageOptions, type ImageOptions, readBatch } from "../files/image-source.js";

interface Options extends ImageOptions, CommonOptions {
	readonly file?: string;
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
		examples: [
			"validate graphnet --file released-architectures.json",
			"validate graphnet --file released-architectures.json --tcet --images cifar10.bin",
		],
	});
	return addImageOptions(command)
		.option("--file <file>", "a file of published GraphNet architectures with their counts")
		.option("--tcet", `also score the architectures for images of ${SCORED_SIZE} pixels`)
		.action(async (options: Options) => {
			const { file } = options;
			if (file === undefined) throw invalidArgument("--file", "name a file of published architectures");
			const json = await readNamedJson("--file", file);
			const counted = await naming("", `--file ${file}`, () => graphNetFileFromJson(json).map(recount));
			const rows = options.tcet ? await scored(context, options, counted) : counted;
			printResult(context, options, rows.map(withoutNetwork), describe);
			const wrong = rows.filter(({ agrees }) => !agrees).length;
			if (wrong > 0)
				throw failed(`${wrong} of ${rows.length} architectures disagree with what is published.`);
		});
}

async function scored(
	{ stderr, signal }: CliContext,
	options: Options,
	rows: readonly GraphNetRow[],
): Promise<GraphNetRow[]> {
	const chosen = rows.filter(({ network }) => network.input.size === SCORED_SIZE);
	const progress = startProgress(stderr, { title: "architectures", total: chosen.length });
	const scorer = ScoringPool.create({ workers: 1, threadsPerWorker: 2 });
	const results = new Map<GraphNetRow, GraphNetRow>();
	try {
		for (const row of chosen) {
			const { classes, input } = row.network;
			const batch = await readBatch(options, { size: input.size, classes }, { stderr });
			results.set(row, await compareScore(row, { scorer, batch, seed: options.seed, signal }));
			progress.update(results.size);
		}
	} finally {
		progress.stop();
		await scorer.close();
	}
	return rows.map((row) => results.get(row) ?? row);
}

const withoutNetwork = ({ network: _network, ...row }: GraphNetRow) => row;

function describe(rows: readonly Omit<GraphNetRow, "network">[]): string {
	const head = ["set", "index", "parameterCount", "published", "flopCount", "published"];
	const scoredHead = ["T-CET", "published", "difference"];
	const isScored = rows.some(({ tcet }) => tcet !== undefined);
	return table(
		[...head, ...(isScored ? scoredHead : []), "agrees"],
		rows.map((row) => [
			row.set,
			row.index,
			row.parameterCount,
			row.publishedParameterCount,
			row.flopCount,
			row.publishedFlopCount,
			...(isScored ? tcetCells(row) : []),
			row.agrees ? "yes" : "no",
		]),
	);
}

function tcetCells({ tcet, publishedTcet }: Omit<GraphNetRow, "network">): string[] {
	if (tcet === undefined || publishedTcet === undefined) return ["–", "–", "–"];
	const difference = ((tcet - publishedTcet) / publishedTcet) * 100;
	return [tcet.toFixed(0), publishedTcet.toFixed(0), `${difference.toFixed(2)} %`];
}

function failed(message: string): ArchgenError {
	return new ArchgenError({ category: "FAILED_PRECONDITION", reason: "VALIDATION_FAILED", message });
}
