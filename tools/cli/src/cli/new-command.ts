import { Command, type Option } from "commander";
import type { CliContext } from "./context.js";

/** What every command has. */
export interface CommandText {
	readonly name: string;
	readonly description: string;
	/** Command lines that work, without the leading `archgen`. */
	readonly examples: readonly string[];
}

/** Options that every command has. */
export interface CommonOptions {
	readonly json?: boolean;
}

/** A command with `--json`, examples below its help, and errors that reach `reportError`. */
export function newCommand(context: CliContext, { name, description, examples }: CommandText): Command {
	const lines = examples.map((example) => `  $ archgen ${example}`);
	return bareCommand(context, name, description)
		.option("--json", "print exactly one JSON document on stdout")
		.addHelpText("after", `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.join("\n")}`);
}

/** A command without options of its own: the program itself, or a group of commands. */
export function bareCommand({ stdout }: CliContext, name: string, description: string): Command {
	return new Command(name)
		.description(description)
		.exitOverride()
		.showSuggestionAfterError(true)
		.configureHelp({ optionDescription: described })
		.configureOutput({
			writeOut: (text) => stdout.write(text),
			// Errors, and the help that comes with some of them: the boundary says it once, in a sentence.
			writeErr: () => {},
		});
}

/** An option's description with its default as it would be written on the command line. */
function described({ description, defaultValue, defaultValueDescription }: Option): string {
	const usual = defaultValueDescription ?? String(defaultValue ?? "");
	return usual === "" || defaultValue === false ? description : `${description} (default: ${usual})`;
}
