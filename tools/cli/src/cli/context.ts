/** The part of a stream that commands write to. */
export interface TextSink {
	write(text: string): unknown;
	/** True on a terminal, where a bar may be redrawn in place. */
	readonly isTTY?: boolean;
}

/** What a command knows of the outside: where its result and its remarks go, and when to stop. */
export interface CliContext {
	/** Results only. With `--json` exactly one JSON document. */
	readonly stdout: TextSink;
	/** Progress, remarks and errors. */
	readonly stderr: TextSink;
	/** Fires at the first Ctrl-C. */
	readonly signal: AbortSignal;
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A context; the environment is that of the process unless given. */
export function createContext(parts: Omit<CliContext, "environment"> & Partial<CliContext>): CliContext {
	return { environment: process.env, ...parts };
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
