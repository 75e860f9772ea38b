import type { NetworkSource } from "@archgen/client";
import type { Command } from "commander";
import { integer } from "../cli/index.js";

/** Options that name networks. */
export type SourceOptions = NetworkSource;

/** Adds the options that name networks. */
export function addSourceOptions(command: Command): Command {
	return command
		.option(
			"--network <file>",
			"a network in JSON (docs/schemas/network.schema.json), also as gRPC answers it",
		)
		.option("--cell <file>", "a cell in JSON (docs/schemas/cell.schema.json), as the network that scores it")
		.option("--nasbench201 <string>", "a NAS-Bench-201 cell, as the network that scores it")
		.option("--graphnet <file>", "a file of published GraphNet architectures")
		.option("--history <file>", "the history of a search (JSON lines), for its best network")
		.option(
			"--answer <file>",
			"results.json of an answer, or what generate --json printed, for its best network",
		);
}

/** `--index`, which picks one network of a file that holds several. */
export function addIndexOption(command: Command): Command {
	return command.option(
		"--index <n>",
		"position in a file of several networks, from 0; the best of a history or an answer unless given",
		integer({ min: 0 }),
	);
}
