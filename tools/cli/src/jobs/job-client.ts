import { type ClientConfig, createClient, orchestrator, type RpcClient } from "@archgen/rpc";
import type { Command } from "commander";
import type { CliContext } from "../cli/context.js";
import type { CommonOptions } from "../cli/new-command.js";
import { inOptionsOf } from "../generate/check-question.js";
import { addConnection, type ConnectionOptions, connectionOf, reach } from "../services/connection.js";

/** Options of every command about jobs. */
export interface JobOptions extends CommonOptions, ConnectionOptions {}

/** Client of the orchestrator's jobs. */
export type JobClient = RpcClient<typeof orchestrator.EvolutionJobServiceService>;

/** Address of an orchestrator that runs on this machine. */
const ORCHESTRATOR = "127.0.0.1:50050";

/** Adds `--address` and how to speak to it. */
export function addAddress(command: Command): Command {
	return addConnection(
		command.option("--address <host:port>", `orchestrator to ask (default: "${ORCHESTRATOR}")`),
	);
}

/** Connection to the orchestrator of the options. */
export function orchestratorOf(options: ConnectionOptions, context: CliContext): Promise<ClientConfig> {
	return connectionOf(options, context, ORCHESTRATOR);
}

/** Calls the orchestrator of the options. */
export async function withJobs<T>(
	context: CliContext,
	options: JobOptions,
	body: (jobs: JobClient) => Promise<T>,
): Promise<T> {
	const connection = await orchestratorOf(options, context);
	await reach(connection, context.signal);
	const jobs = createClient(orchestrator.EvolutionJobServiceService, connection);
	try {
		return await inOptionsOf(() => body(jobs));
	} finally {
		jobs.close();
	}
}

/** The resource name of a job that may be given by its identifier alone. */
export function jobName(text: string): string {
	return text.startsWith("evolutionJobs/") ? text : `evolutionJobs/${text}`;
}
