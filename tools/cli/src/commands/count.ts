import { type NamedNetwork, readNetworks, readOneNetwork } from "@archgen/client";
import {
	type Counts,
	countMemory,
	countNetwork,
	type MemoryCounts,
	type Network,
	shapeRemarks,
} from "@archgen/search-space";
import { fields, grouped, table } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, type CommonOptions, newCommand, printResult } from "../cli/index.js";
import { addIndexOption, addSourceOptions, type SourceOptions } from "../files/network-source.js";

interface PublishedCounts extends Counts {
	readonly set: string;
	readonly index: number;
}

/** `archgen count`: exact counts of networks. */
export function countCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "count",
		description:
			"Count parameters, multiply-accumulates, floating-point operations and layers exactly, and for a single network the memory that it needs on a small device",
		examples: [
			"count --network network.json",
			"count --nasbench201 '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|' --json",
		],
	});
	return addIndexOption(addSourceOptions(command)).action(async (options: SourceOptions & CommonOptions) => {
		if (options.graphnet === undefined || options.index !== undefined) {
			const named = await readOneNetwork(options);
			const counts = { ...countsOf(named), ...countMemory(named.network) };
			printResult(context, options, counts, (shown) => describe(shown, named.network));
		} else printResult(context, options, (await readNetworks(options)).map(publishedCounts), describeAll);
	});
}

function countsOf({ network }: NamedNetwork): Counts {
	const { parameterCount, flopCount, macCount, layerCount } = countNetwork(network);
	return { parameterCount, flopCount, macCount, layerCount };
}

function publishedCounts(named: NamedNetwork): PublishedCounts {
	const { set, index } = named.published!;
	return { set, index, ...countsOf(named) };
}

function describe(counts: Counts & MemoryCounts, network: Network): string {
	const remarks = shapeRemarks(network).map(({ message }) => message);
	return fields({ ...counts, ...(remarks.length > 0 && { remarks: remarks.join("; ") }) });
}

function describeAll(rows: readonly PublishedCounts[]): string {
	const head = ["set", "index", "parameterCount", "flopCount", "macCount", "layerCount"];
	return table(
		head,
		rows.map((row) => [
			row.set,
			row.index,
			...[row.parameterCount, row.flopCount, row.macCount, row.layerCount].map(grouped),
		]),
	);
}
