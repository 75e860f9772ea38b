import { execFile } from "node:child_process";
import { chmod, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PIECE = Buffer.alloc(2 ** 20);

/** A folder of limited size, where the system lets us make one. */
export interface SmallDisk {
	readonly folder: string;
	/** False for an ordinary folder: it cannot be filled without harm to others. */
	readonly limited: boolean;
	/** Takes all room that is left. */
	fill(): Promise<void>;
	/** Gives it back. */
	free(): Promise<void>;
	remove(): Promise<void>;
}

/** Makes a file system in memory of so many mebibytes; an ordinary folder where mounting is not allowed. */
export async function makeSmallDisk(mebibytes: number): Promise<SmallDisk> {
	const folder = await mkdtemp(join(tmpdir(), "archgen-chaos-"));
	const mount = run("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=0755`, "archgen-chaos", folder]);
	const limited = await mount.then(
		() => true,
		() => false,
	);
	// The database server runs under another user where we are root.
	await chmod(folder, 0o755);
	const ballast = join(folder, "ballast");
	return {
		folder,
		limited,
		fill: () => (limited ? fill(ballast) : Promise.resolve()),
		free: () => rm(ballast, { force: true }),
		remove: async () => {
			if (limited) await run("umount", ["-l", folder]);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function fill(path: string): Promise<void> {
	const file = await open(path, "a");
	try {
		for (;;) await file.write(PIECE);
	} catch (failure) {
		if ((failure as NodeJS.ErrnoException).code !== "ENOSPC") throw failure;
	} finally {
		await file.close();
	}
}
