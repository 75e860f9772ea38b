import { ArchgenError } from "@archgen/errors";
import { CommanderError } from "commander";
import type { CliContext } from "./context.js";
import { INTERRUPTED } from "./interrupt.js";

const FAILED = 1;
const INVALID = 2;
/** Exit code of a command that worked and found no network within the bounds. */
export const NOTHING_FOUND = 3;

/** Ends a command that has said everything already with an exit code of its own. */
export class Ending extends Error {
	constructor(readonly exitCode: number) {
		super(`exit code ${exitCode}`);
	}
}

/**
 * Says in one sentence on stderr why a command ended, and returns its exit code: 2 for invalid arguments, 130 when it was
 * interrupted, 3 when no network was found, 1 for everything else. The stack follows only with ARCHGEN_DEBUG=1.
 */
export function reportError(error: unknown, { stderr, environment }: CliContext): number {
	if (error instanceof CommanderError && error.exitCode === 0) return 0; // help or version was asked for
	if (error instanceof Ending) return error.exitCode;
	stderr.write(`archgen: ${sentence(error)}\n`);
	if (environment.ARCHGEN_DEBUG === "1" && error instanceof Error) stderr.write(`${error.stack}\n`);
	return exitCode(error);
}

function sentence(error: unknown): string {
	if (error instanceof CommanderError) return usage(error);
	const text = error instanceof Error ? ofSystem(error) : String(error);
	return text.replaceAll(/\s*\n\s*/g, " ");
}

/** A failed system call begins with the file that it was about; Node says this last. */
function ofSystem(error: NodeJS.ErrnoException): string {
	const { code, path, message } = error;
	if (code === undefined || path === undefined) return message;
	return `${path}: ${message.slice(code.length + 2).replace(/, \w+ '.*'$/, "")}`;
}

/** What commander says, as one sentence. */
function usage({ code, message }: CommanderError): string {
	if (code === "commander.help") return "the name of a command is missing; --help lists them.";
	return message
		.replace(/^error: /, "")
		.replaceAll(/\s*\n\s*/g, " ")
		.replaceAll(/\. ([A-Z])/g, (_, letter: string) => `: ${letter.toLowerCase()}`);
}

function exitCode(error: unknown): number {
	if (error instanceof CommanderError) return INVALID;
	if (!(error instanceof ArchgenError)) return FAILED;
	if (error.category === "INVALID_ARGUMENT") return INVALID;
	return error.category === "CANCELLED" ? INTERRUPTED : FAILED;
}
