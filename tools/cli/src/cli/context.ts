import type { RunContext } from "@archgen/pipeline";
import { startProgress, type TextSink } from "./progress.js";

/** What a command knows of the outside: where its result and its remarks go, and when to stop. */
export interface CliContext extends RunContext {
	/** Results only. With `--json` exactly one JSON document. */
	readonly stdout: TextSink;
	/** Progress, remarks and errors. */
	readonly stderr: TextSink;
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A context that shows progress and remarks on `stderr`; the environment is that of the process unless given. */
export function createContext(
	parts: Pick<CliContext, "stdout" | "stderr" | "signal"> & Partial<CliContext>,
): CliContext {
	return {
		environment: process.env,
		startProgress: (options) => startProgress(parts.stderr, options),
		remark: (text) => parts.stderr.write(`${text}\n`),
		...parts,
	};
}

/**
 * Prints a command's result: one JSON document with `--json`, else the text that `describe` makes of it.
 *
 * @param describe lines for people, without the last line break
 */
export function printResult<T>(
	{ stdout }: CliContext,
	{ json }: { readonly json?: boolean },
	result: T,
	describe: (result: T) => string,
): void {
	stdout.write(`${json ? JSON.stringify(result, null, 2) : describe(result)}\n`);
}
