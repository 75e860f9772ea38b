import { naming, readNamedJson } from "@archgen/files";
import { drawSynonyms } from "@archgen/pipeline";
import { cellFromJson, cellToJson } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { table } from "@archgen/text";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions, openModel } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	integer,
	newCommand,
	number,
	printResult,
} from "../cli/index.js";

interface Options extends ModelOptions, CommonOptions {
	readonly cell: string;
	readonly count: number;
	readonly generator: string;
	readonly temperature?: number;
	readonly seed: number;
}

/** `archgen synonyms`: cells that do what a given cell does. */
export function synonymsCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "synonyms",
		description:
			"Draw synonyms of a cell: distinct cells whose zero-cost vectors are near its own, nearest first. Distances are L1 in standardised scale, as the bundle's predictor sees them.",
		examples: [
			"synonyms --cell cell.json --count 10 --seed 0",
			"synonyms --cell cell.json --generator neighbourhood --json",
		],
	});
	return addModelOptions(command)
		.requiredOption("--cell <file>", "the cell, in JSON (docs/schemas/cell.schema.json)")
		.option("--count <n>", "distinct cells wanted", integer({ min: 1, max: 1000 }), 10)
		.option(
			"--generator <name>",
			"source of the cells: a cell generator of the bundle (models show lists them), neighbourhood or random",
			"flow",
		)
		.option(
			"--temperature <t>",
			"scale of the noise; unless given 0.2, with --generator neighbourhood 1.4",
			number({ min: 0.001, max: 2 }),
		)
		.option("--seed <n>", "seed of the draws", integer({ min: 0 }), 0)
		.action(async (options: Options) => {
			printResult(context, options, await synonyms(context, options), ({ cells, distances }) =>
				table(
					["distance", "edges", "operations"],
					cells.map(({ operations, edges }, i) => [
						distances[i]!.toFixed(3),
						edges.length,
						operations.map(({ type, kernel }) => `${type} ${kernel}`).join(", "),
					]),
				),
			);
		});
}

async function synonyms(context: CliContext, { cell, generator, ...options }: Options) {
	const json = await readNamedJson("--cell", cell);
	const reference = await naming("", `--cell ${cell}`, () => cellFromJson(json));
	const bundle = await openModel(options, context);
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	try {
		const { signal } = context;
		const way = { generator, field: "--generator" };
		const found = await drawSynonyms(bundle, pool, way, { ...options, reference, signal });
		if (found.length < options.count)
			context.remark(`Only ${found.length} distinct cells were found; a higher --temperature gives more.`);
		return {
			generator,
			seed: options.seed,
			cells: found.map((synonym) => cellToJson(synonym.cell)),
			distances: found.map(({ distance }) => distance),
		};
	} finally {
		await pool.close();
	}
}
