import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ArchgenError } from "@archgen/errors";
import { parseHistory } from "@archgen/evolution";
import { orchestrator } from "@archgen/rpc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFakeZcProxy } from "../../testing/fake-zc-proxy.js";
import { JobBench, type JobProcess, jobName, runJob, SPEC } from "../../testing/job-bench.js";

const SUCCEEDED = orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_SUCCEEDED;
const MANY = { ...SPEC, parallelism: 6, evaluationCount: 60 };

let bench: JobBench;
let service: JobProcess;
beforeAll(async () => {
	bench = await JobBench.open();
	service = await bench.start("", "--jobs-executor-id", "first");
	bench.zcProxy.delay = 10;
});
afterAll(async () => {
	await service.stop();
	await bench.close();
});

/** Follows a job until it is as wanted. */
async function until(
	{ jobs }: JobProcess,
	id: string,
	wanted: (job: orchestrator.EvolutionJob) => boolean,
): Promise<orchestrator.EvolutionJob> {
	for await (const { evolutionJob } of jobs.watchEvolutionJob({ name: jobName(id) })) {
		if (wanted(evolutionJob!)) return evolutionJob!;
	}
	throw new Error(`${id} ended before it was as wanted`);
}

async function expectComplete(process: JobProcess, id: string, length = MANY.evaluationCount): Promise<void> {
	expect(await process.ended(id)).toMatchObject({ state: SUCCEEDED, problem: undefined });
	const history = parseHistory(`${(await process.history(id)).join("\n")}\n`);
	expect(history).toHaveLength(length);
	expect(new Set(history.map(({ hash }) => hash)).size).toBe(length);
}

test("without a zc-proxy a job waits, says why, and goes on", async () => {
	await runJob(service, "proxyless", MANY);
	await until(service, "proxyless", ({ progress }) => (progress?.evaluated ?? 0) >= 10);
	const { address } = bench.zcProxy;
	await bench.zcProxy.stop();
	const { state } = await until(service, "proxyless", ({ problem }) =>
		Boolean(problem?.message.includes("The zc-proxy service cannot answer")),
	);
	expect(state).toBe(orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_RUNNING);
	bench.zcProxy = await startFakeZcProxy(Number(address.split(":")[1]));
	await expectComplete(service, "proxyless");
});

test("a lost database connection is made again", async () => {
	bench.zcProxy.delay = 10;
	await runJob(service, "cut-off", MANY);
	for (const least of [5, 20, 35]) {
		await until(service, "cut-off", ({ progress }) => (progress?.evaluated ?? 0) >= least);
		await bench.sql(
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
		);
	}
	await expectComplete(service, "cut-off");
});

test("a full disk of the database pauses a job and is named", async () => {
	await runJob(service, "full", MANY);
	await until(service, "full", ({ progress }) => (progress?.evaluated ?? 0) >= 10);
	// What PostgreSQL reports when a write finds no room.
	await bench.sql(`
		CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
		CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON archgen.evaluations EXECUTE FUNCTION no_room()`);
	const { problem, state } = await until(service, "full", (job) => job.problem !== undefined);
	expect(state).toBe(orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_RUNNING);
	expect(problem).toMatchObject({
		reason: "DATABASE_DISK_FULL",
		message: expect.stringContaining("make room"),
	});
	await bench.sql("DROP FUNCTION no_room CASCADE");
	await expectComplete(service, "full");
});

test("two orchestrators on one database: each job runs on one, and one takes over from the other", async () => {
	const { asked } = bench.zcProxy;
	bench.zcProxy.delay = 40;
	const second = await bench.start("", "--jobs-executor-id", "second", "--jobs-takeover-ms", "1000");
	const names = ["job-0", "job-1", "job-2", "job-3", "job-4", "job-5"];
	// Long enough that no job is over before all of them have begun.
	const spec = { ...MANY, parallelism: 2, evaluationCount: 120 };
	await second.jobs.listEvolutionJobs({ pageSize: 0, pageToken: "" });
	asked.clear();
	for (const [i, name] of names.entries()) await runJob(service, name, { ...spec, seed: BigInt(100 + i) });
	const running = await Promise.all(
		names.map((name) => until(second, name, ({ progress }) => (progress?.evaluated ?? 0) >= 5)),
	);
	expect(new Set(running.map(({ executorId }) => executorId))).toEqual(new Set(["first", "second"]));
	// Nobody was asked twice, so no job runs twice.
	expect(new Set(asked.values())).toEqual(new Set([1]));
	await service.kill();
	for (const name of names) await expectComplete(second, name, spec.evaluationCount);
	const jobs = await Promise.all(names.map((name) => second.jobs.getEvolutionJob({ name: jobName(name) })));
	expect(new Set(jobs.map(({ evolutionJob }) => evolutionJob?.executorId))).toEqual(new Set(["second"]));
	await second.stop();
	service = await bench.start("", "--jobs-executor-id", "first");
});

test.skipIf(process.env.DATABASE_URL)("an embedded server that is gone is started again", async () => {
	bench.zcProxy.delay = 10;
	await runJob(service, "serverless", MANY);
	await until(service, "serverless", ({ progress }) => (progress?.evaluated ?? 0) >= 10);
	const [row] = await bench.sql("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid");
	process.kill(Number(row!.pid), "SIGQUIT");
	for (;;) {
		const job = await service.ended("serverless").catch(() => undefined);
		if (job !== undefined) break;
	}
	await expectComplete(service, "serverless");
});

test.skipIf(process.env.DATABASE_URL)(
	"an embedded server that ends while no job runs is started again",
	async () => {
		const [row] = await bench.sql(
			"SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid, current_setting('data_directory') AS folder",
		);
		const { pid, folder } = row as { pid: number; folder: string };
		process.kill(pid, "SIGQUIT");
		const running = () => readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "");
		while ((await running()).startsWith(`${pid}\n`)) await sleep(20);
		const listed = () =>
			service.jobs.listEvolutionJobs({ pageSize: 0, pageToken: "" }).catch((failure: ArchgenError) => {
				expect(failure.category).toBe("UNAVAILABLE");
			});
		while ((await listed()) === undefined) await sleep(100);
		await runJob(service, "after-all", MANY);
		await expectComplete(service, "after-all");
	},
);
