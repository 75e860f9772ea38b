import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, orchestrator, type RpcClient } from "@archgen/rpc";
import { type FakeZcProxy, startFakeZcProxy } from "./fake-zc-proxy.js";
import { type ServiceProcess, startMain } from "./service-processes.js";

const { EvolutionJobServiceService } = orchestrator;
const MAIN = new URL("./crash-main.mjs", import.meta.url);

export type JobClient = RpcClient<typeof EvolutionJobServiceService>;

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

/** A data folder, or the database of DATABASE_URL, with cheap scores: what crash tests run orchestrators on. */
export class JobBench {
	private constructor(
		readonly folder: string,
		readonly zcProxy: FakeZcProxy,
	) {}

	static async open(): Promise<JobBench> {
		const folder = await mkdtemp(join(tmpdir(), "archgen-jobs-"));
		// As root the database server runs under another user, who has to get in.
		await chmod(folder, 0o755);
		return new JobBench(folder, await startFakeZcProxy());
	}

	/** Starts an orchestrator. @param stopAt e.g. `before:record:3`, where it kills itself */
	async start(stopAt = "", ...flags: string[]): Promise<JobProcess> {
		const all = ["--jobs-data", this.folder, "--upstream-zc-proxy", this.zcProxy.address, ...flags];
		const service = await startMain(MAIN, ["--log-level", "warn", ...all], { ARCHGEN_STOP_AT: stopAt });
		const jobs = createClient(EvolutionJobServiceService, { address: service.address, maxAttempts: 1 });
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
				for await (const { lines } of jobs.exportHistory({ name: jobName(id) })) text += lines;
				return text.split("\n").slice(0, -1);
			},
		};
	}

	async close(): Promise<void> {
		await this.zcProxy.stop();
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
	await jobs.createEvolutionJob({ evolutionJob, evolutionJobId, validateOnly: false });
	await jobs.runEvolutionJob({ name: jobName(evolutionJobId) });
}
