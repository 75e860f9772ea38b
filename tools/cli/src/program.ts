import { VERSION } from "@archgen/client";
import type { Command } from "commander";
import type { CliContext } from "./cli/context.js";
import { bareCommand } from "./cli/new-command.js";
import { reportError } from "./cli/report-error.js";
import { completionCommand } from "./commands/completion.js";
import { countCommand } from "./commands/count.js";
import { demoCommand } from "./commands/demo.js";
import { evolveCommand } from "./commands/evolve.js";
import { exportCommand } from "./commands/export.js";
import { generateCommand } from "./commands/generate.js";
import { jobsCommand } from "./commands/jobs.js";
import { labelCommand } from "./commands/label.js";
import { modelsCommand } from "./commands/models.js";
import { profileLatencyCommand } from "./commands/profile-latency.js";
import { reproduceCommand } from "./commands/reproduce.js";
import { sampleCommand } from "./commands/sample.js";
import { scoreCommand } from "./commands/score.js";
import { serveCommand } from "./commands/serve.js";
import { synonymsCommand } from "./commands/synonyms.js";
import { trainCommand } from "./commands/train.js";
import { uiCommand } from "./commands/ui.js";
import { validateCommand } from "./commands/validate.js";

/** Every command; a new one is one file and one entry. */
const COMMANDS = [
	countCommand,
	scoreCommand,
	labelCommand,
	trainCommand,
	evolveCommand,
	jobsCommand,
	exportCommand,
	modelsCommand,
	validateCommand,
	profileLatencyCommand,
	reproduceCommand,
	generateCommand,
	sampleCommand,
	synonymsCommand,
	serveCommand,
	uiCommand,
	demoCommand,
	completionCommand,
];

/** The whole command line. */
export function createProgram(context: CliContext): Command {
	const program = bareCommand(context, "archgen", "Generates neural networks under exact budgets")
		.version(VERSION)
		// Else `--version` of a command would be taken for the program's.
		.enablePositionalOptions();
	for (const create of COMMANDS) program.addCommand(create(context));
	return program;
}

/**
 * Runs one command line.
 *
 * @param args without the program's name
 * @returns the exit code: 0, 1 for a failure, 2 for invalid arguments, 3 when no network was found, 130 when interrupted
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
	try {
		await createProgram(context).parseAsync(args, { from: "user" });
		return 0;
	} catch (error) {
		return reportError(error, context);
	}
}
