import { ArchgenError } from "@archgen/errors";
import { notReadable } from "./named-files.js";

/**
 * Does what reads an option's value; what is wrong with it is said under the option's own name.
 *
 * @param field what the reader calls it
 * @param option what the user wrote, e.g. `--images`
 */
export async function naming<T>(field: string, option: string, read: () => T | Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (error) {
		if (!(error instanceof ArchgenError))
			throw isOfFile(error) ? notReadable(option, error.path ?? "the file", error) : error;
		const inner = error.message.startsWith(`${field}: `)
			? error.message.slice(field.length + 2)
			: error.message;
		throw new ArchgenError({ ...error, message: `${option}: ${inner}`, cause: error });
	}
}

/** Whether the file system says it, with the path or, of a folder that is read as a file, without. */
function isOfFile(error: unknown): error is NodeJS.ErrnoException {
	return (error as NodeJS.ErrnoException).syscall !== undefined;
}
