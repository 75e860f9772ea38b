import { bashCompletion, type Completion } from "@archgen/text";
import type { Command } from "commander";
import { type CliContext, type CommonOptions, choice, newCommand, printResult } from "../cli/index.js";

/** `archgen completion`: a script that completes commands and options of the shell. */
export function completionCommand(context: CliContext): Command {
	return newCommand(context, {
		name: "completion",
		description:
			"Print a script that completes commands and options; write it to ~/.local/share/bash-completion/completions/archgen for bash, append it to ~/.zshrc for zsh",
		examples: ["completion bash", "completion zsh"],
	})
		.argument("<shell>", "bash or zsh", choice(["bash", "zsh"] as const))
		.action((shell: "bash" | "zsh", options: CommonOptions, command: Command) => {
			const bash = bashCompletion("archgen", completionsOf(command.parent!));
			const script = shell === "bash" ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
			printResult(context, options, { shell, script }, (result) => result.script.trimEnd());
		});
}

function completionsOf(command: Command, path: readonly string[] = []): Completion[] {
	const { commands, options } = command;
	const shown = options.filter(({ hidden, long }) => !hidden && long).map(({ long }) => long!);
	const words = [...commands.map((child) => child.name()), ...shown, "--help"];
	return [{ path, words }, ...commands.flatMap((child) => completionsOf(child, [...path, child.name()]))];
}
