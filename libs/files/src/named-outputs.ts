import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { invalidArgument } from "@archgen/errors";

/**
 * Makes the folder that an option names, before any work is done for it.
 *
 * @throws ArchgenError INVALID_ARGUMENT `NOT_WRITABLE` naming the option
 */
export async function outputFolder(option: string, path: string): Promise<void> {
	await checked(option, path, async () => {
		await mkdir(path, { recursive: true });
		await access(path, constants.W_OK);
	});
}

/** The same for a file, which is not touched: makes the folder it is to be in. */
export async function outputFile(option: string, path: string): Promise<void> {
	await outputFolder(option, dirname(path));
	await checked(option, path, async () => {
		if ((await stat(path)).isDirectory()) throw new Error("it is a folder");
		await access(path, constants.W_OK);
	});
}

async function checked(option: string, path: string, check: () => Promise<void>): Promise<void> {
	try {
		await check();
	} catch (cause) {
		const { code, message } = cause as NodeJS.ErrnoException;
		// A file that is yet to be made is as good as one that can be written.
		if (code === "ENOENT") return;
		const problem = message.replace(/, \w+ '.*'$/, "");
		throw invalidArgument(
			option,
			`${path} cannot be written (${problem}); choose another place`,
			"NOT_WRITABLE",
		);
	}
}
