import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startEmbeddedPostgres } from "@archgen/jobs";
import { createClient, orchestrator, type RpcClient } from "@archgen/rpc";
import pg from "pg";
import { type FakeZcProxy, startFakeZcProxy } from "./fake-zc-proxy.js";
import { type ServiceProcess, startMain } from "./service-processes.js";

const MAIN = new URL("./crash-main.mjs", import.meta.url);

export type JobClient = RpcClient<typeof orchestrator.EvolutionJobServiceService>;

/** An orchestrator process with a client for its jobs. */
export interface JobProcess extends ServiceProcess {
	readonly jobs: JobClient;
	/** Waits until the process was killed. */
	killed(): Promise<void>;
	/** Sends SIGKILL and waits. */
	kill(): Promise<void>;
	/** Waits until a job has ended. */
	ended(id: string): Promise<orchestrator.EvolutionJob>;
	/** The lines of a history. */
	history(id: string): Promise<string[]>;
}

/**
 * What tests run orchestrators on: cheap scores, and a database of its own, in a data folder or, with DATABASE_URL, on that
 * server.
 */
export class JobBench {
	private constructor(
		readonly folder: string,
		public zcProxy: FakeZcProxy,
		private readonly database: string | undefined,
	) {}

	static async open(): Promise<JobBench> {
		const folder = await mkdtemp(join(tmpdir(), "archgen-jobs-"));
		// As root the database server runs under another user, who has to get in.
		await chmod(folder, 0o755);
		return new JobBench(folder, await startFakeZcProxy(), await ownDatabase(basename(folder)));
	}

	/** Runs SQL as an administrator would. */
	async sql(text: string): Promise<Record<string, unknown>[]> {
		const url = this.database ?? (await startEmbeddedPostgres(join(this.folder, "postgres"))).url;
		return query(url, text);
	}

	/** Starts an orchestrator. @param stopAt e.g. `before:record:3`, where it kills itself */
	async start(stopAt = "", ...flags: string[]): Promise<JobProcess> {
		const all = ["--jobs-data", this.folder, "--upstream-zc-proxy", this.zcProxy.address, ...flags];
		const variables = { ARCHGEN_STOP_AT: stopAt, DATABASE_URL: this.database ?? "" };
		const service = await startMain(MAIN, ["--log-level", "warn", ...all], variables);
		const jobs = createClient(orchestrator.EvolutionJobServiceService, {
			address: service.address,
			maxAttempts: 1,
		});
		const exited = once(service.process, "exit").then(() => jobs.close());
		return {
			...service,
			jobs,
			killed: () => exited,
			kill: async () => {
				service.process.kill("SIGKILL");
				await exited;
			},
			ended: async (id) => {
				let last: orchestrator.EvolutionJob | undefined;
				for await (const { evolutionJob } of jobs.watchEvolutionJob({ name: jobName(id) }))
					last = evolutionJob;
				return last!;
			},
			history: async (id) => {
				let text = "";
				for await (const { lines } of jobs.exportHistory({ name: jobName(id), startLine: 0 })) text += lines;
				return text.split("\n").slice(0, -1);
			},
		};
	}

	async close(): Promise<void> {
		await this.zcProxy.stop();
		if (this.database !== undefined) await dropDatabase(this.database);
		await rm(this.folder, { recursive: true, force: true });
	}
}

/** Resource name of a job. */
export function jobName(id: string): string {
	return `evolutionJobs/${id}`;
}

/** A small search with random cells. */
export const SPEC = {
	inputSize: 32,
	classCount: 10,
	constraints: { maxParameterCount: 100_000n },
	cells: orchestrator.CellOrigin.CELL_ORIGIN_RANDOM,
	evaluationCount: 40,
	populationSize: 8,
	seed: 7n,
};

/** Creates a job and runs it. */
export async function runJob(
	{ jobs }: JobProcess,
	evolutionJobId: string,
	spec: Parameters<typeof orchestrator.EvolutionJobSpec.fromPartial>[0] = SPEC,
): Promise<void> {
	const evolutionJob = orchestrator.EvolutionJob.fromPartial({ spec });
	await jobs.createEvolutionJob({ evolutionJob, evolutionJobId, validateOnly: false, requestId: "" });
	await jobs.runEvolutionJob({ name: jobName(evolutionJobId) });
}

async function ownDatabase(name: string): Promise<string | undefined> {
	if (!process.env.DATABASE_URL) return undefined;
	await query(process.env.DATABASE_URL, `CREATE DATABASE "${name}"`);
	const url = new URL(process.env.DATABASE_URL);
	url.pathname = name;
	return url.href;
}

async function dropDatabase(url: string): Promise<void> {
	await query(process.env.DATABASE_URL!, `DROP DATABASE "${new URL(url).pathname.slice(1)}" WITH (FORCE)`);
}

async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
	const client = new pg.Client({ connectionString });
	await client.connect();
	try {
		return (await client.query(text)).rows;
	} finally {
		await client.end();
	}
}
