import { ArchgenError, invalidArgument } from "@archgen/errors";

/** What `parseArgs` gives. @throws INVALID_ARGUMENT for an option that there is not */
export function parsed<T>(parse: () => T): T {
	try {
		return parse();
	} catch (failure) {
		throw invalidArgument("options", `${(failure as Error).message} See --help.`);
	}
}

/** A whole number of an option. @throws INVALID_ARGUMENT naming it */
export function whole(name: string, text: string, least: number): number {
	const value = Number(text);
	if (Number.isSafeInteger(value) && value >= least) return value;
	throw invalidArgument(`--${name}`, `must be a whole number from ${least}, not ${text}.`);
}

/**
 * Runs a command until it is done or Ctrl-C ends it, and says on standard error what stands in its way.
 *
 * @param body told of Ctrl-C; returns whether all is as it has to be
 * @returns the exit code: 0 or 1, 2 for a wrong option, 130 after Ctrl-C
 */
export async function runCommand(
	name: string,
	body: (signal: AbortSignal) => Promise<boolean>,
): Promise<number> {
	const stop = new AbortController();
	process.once("SIGINT", () => stop.abort());
	try {
		return (await body(stop.signal)) ? 0 : 1;
	} catch (failure) {
		if (!(failure instanceof ArchgenError)) throw failure;
		process.stderr.write(`${name}: ${failure.message}\n`);
		if (failure.category === "CANCELLED") return 130;
		return failure.category === "INVALID_ARGUMENT" ? 2 : 1;
	}
}
