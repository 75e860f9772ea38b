import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPrograms } from "./embedded-files.js";
import { type DatabaseServer, startEmbeddedPostgres } from "./embedded-postgres.js";

let folder: string;
let server: DatabaseServer;
const pidFile = () => join(folder, "cluster", "postmaster.pid");
const pidOf = async () => Number((await readFile(pidFile(), "utf8")).split("\n")[0]);

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "archgen-postgres-"));
	await chmod(folder, 0o755);
	server = await startEmbeddedPostgres(folder);
});
afterAll(async () => {
	await server?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** One from the server, which shows that it answers. */
async function ask(): Promise<number> {
	const client = new pg.Client({ connectionString: server.url });
	await client.connect();
	try {
		return (await client.query("SELECT 1 AS one")).rows[0].one;
	} finally {
		await client.end();
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Ends the server as a loss of power would: its file stays. */
async function lose(): Promise<string> {
	const pid = await pidOf();
	const file = await readFile(pidFile(), "utf8");
	process.kill(pid, "SIGKILL");
	while (isAlive(pid)) await sleep(20);
	return file;
}

test("a server that was killed is started again on its port", async () => {
	await lose();
	await server.ensureRunning();
	expect(await ask()).toBe(1);
});

test("the number of the server may be that of another process by now", async () => {
	const file = await lose();
	const other = spawn("sleep", ["600"], { stdio: "ignore" });
	try {
		await writeFile(pidFile(), file.replace(/^\d+/, String(other.pid)));
		await server.ensureRunning();
		expect(await ask()).toBe(1);
		expect(await pidOf()).not.toBe(other.pid);
		expect(other.exitCode).toBeNull();
	} finally {
		other.kill();
		await once(other, "exit");
	}
});

test("a server that runs is left alone", async () => {
	const before = await pidOf();
	await server.ensureRunning();
	expect((await startEmbeddedPostgres(folder)).url).toBe(server.url);
	expect(await pidOf()).toBe(before);
});

test("a server that ends between two looks at it is started again", async () => {
	const { initdb, pgCtl } = await findPrograms();
	const [wrapper, pid] = [join(folder, "pg_ctl.sh"), await pidOf()];
	// The server's own user notes there that it was done.
	const notes = join(folder, "notes");
	await mkdir(notes);
	await chmod(notes, 0o777);
	// Says for the first time that the server runs, and then ends it by PostgreSQL's immediate shutdown, which takes its file away.
	const script = `#!/bin/sh
"${pgCtl}" "$@" || exit $?
if [ "$3" = status ] && mkdir "${notes}/done" 2> /dev/null; then
	kill -QUIT ${pid}
	while [ -e "${pidFile()}" ]; do sleep 0.02; done
fi
`;
	await writeFile(wrapper, script, { mode: 0o755 });
	server = await startEmbeddedPostgres(folder, { initdb, pgCtl: wrapper });
	expect(await ask()).toBe(1);
	expect(await pidOf()).not.toBe(pid);
});
