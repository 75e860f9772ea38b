import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DatabaseServer, startEmbeddedPostgres } from "./embedded-postgres.js";
import { JobStore } from "./job-store.js";

let folder: string;
let server: DatabaseServer;
let store: JobStore;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "archgen-store-"));
	server = await startEmbeddedPostgres(folder);
	store = new JobStore(server.url);
	await store.migrate();
});
afterAll(async () => {
	await store?.close();
	await server?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** A connection of another process. */
async function withConnection(use: (client: pg.Client) => Promise<void>): Promise<void> {
	const client = new pg.Client({ connectionString: server.url });
	await client.connect();
	try {
		await use(client);
	} finally {
		await client.end();
	}
}

test("an orchestrator that starts waits for no table that another one is writing to", () =>
	withConnection(async (writer) => {
		await writer.query("BEGIN; LOCK TABLE archgen.jobs, archgen.evaluations IN ROW EXCLUSIVE MODE");
		await store.migrate();
		await writer.query("COMMIT");
	}));

test("a schema of another version is made anew", () =>
	withConnection(async (client) => {
		await client.query("DROP TABLE archgen.score_tables; COMMENT ON TABLE archgen.jobs IS 'another version'");
		await store.migrate();
		expect((await client.query("SELECT * FROM archgen.score_tables")).rows).toEqual([]);
	}));

test("a statement that loses a deadlock is tried again", () =>
	withConnection(async (other) => {
		// The other one holds evaluations and asks for jobs; making the schema holds jobs and asks for evaluations.
		await other.query("COMMENT ON TABLE archgen.jobs IS 'another version'");
		await other.query("SET deadlock_timeout = '60s'; BEGIN; LOCK TABLE archgen.evaluations IN SHARE MODE");
		const migrated = store.migrate();
		const waiting = "SELECT 1 FROM pg_locks WHERE relation = 'archgen.evaluations'::regclass AND NOT granted";
		while ((await other.query(waiting)).rowCount === 0) await sleep(20);
		// Granted only once the other transaction is undone: this one waits a minute before it looks for a deadlock.
		await other.query("LOCK TABLE archgen.jobs IN SHARE MODE; COMMIT");
		await migrated;
		expect(await store.list(10, null)).toEqual({ items: [], next: undefined });
	}));
