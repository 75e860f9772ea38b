import type { NetworkSource } from "@archgen/client";
import type { Command } from "commander";
import { integer } from "../cli/index.js";

/** Options that name networks. */
export type SourceOptions = NetworkSource;

/** Adds the options that name networks. */
export function addSourceOptions(command: Command): Command {
	return command
		.option("--network <file>", "network in JSON (docs/schemas/network.schema.json) or in a gRPC answer")
		.option("--cell <file>", "cell in JSON (docs/schemas/cell.schema.json): α_x, the network that scores it")
		.option("--nasbench201 <string>", "NAS-Bench-201 cell as text, taken as α_x like --cell")
		.option("--graphnet <file>", "file of published GraphNet architectures")
		.option("--history <file>", "history of a search (JSON lines): its best network, or that at --index")
		.option(
			"--answer <file>",
			"results.json of an answer, or the output of generate --json: its best network, or that at --index",
		);
}

/** `--index`, which picks one network of a file that holds several. */
export function addIndexOption(command: Command): Command {
	return command.option(
		"--index <n>",
		"position in a file of several networks, from 0; unless given the best of a history or an answer",
		integer({ min: 0 }),
	);
}
