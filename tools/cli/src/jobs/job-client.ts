import { createClient, orchestrator, type RpcClient } from "@archgen/rpc";
import type { Command } from "commander";
import type { CommonOptions } from "../cli/new-command.js";
import { reach } from "../services/reach.js";

/** Options of every command about jobs. */
export interface JobOptions extends CommonOptions {
	readonly address: string;
}

/** Client of the orchestrator's jobs. */
export type JobClient = RpcClient<typeof orchestrator.EvolutionJobServiceService>;

/** Adds `--address`. */
export function addAddress(command: Command): Command {
	return command.option("--address <host:port>", "orchestrator to ask", "127.0.0.1:50050");
}

/** Calls the orchestrator at `--address`. */
export async function withJobs<T>(
	{ address }: JobOptions,
	body: (jobs: JobClient) => Promise<T>,
): Promise<T> {
	await reach(address);
	const jobs = createClient(orchestrator.EvolutionJobServiceService, { address });
	try {
		return await body(jobs);
	} finally {
		jobs.close();
	}
}

/** The resource name of a job that may be given by its identifier alone. */
export function jobName(text: string): string {
	return text.startsWith("evolutionJobs/") ? text : `evolutionJobs/${text}`;
}
