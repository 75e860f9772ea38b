import {
	type ConnectionOptions,
	connectionOf,
	inOptionsOf,
	type JobClient,
	withClient,
} from "@archgen/client";
import { type ClientConfig, orchestrator, type RpcClient } from "@archgen/rpc";
import type { Command } from "commander";
import type { CliContext, CommonOptions } from "../cli/index.js";

/** Options of every command that asks a running orchestrator. */
export interface OrchestratorOptions extends CommonOptions, ConnectionOptions {}

/** Address of an orchestrator that runs on this machine. */
const ORCHESTRATOR = "127.0.0.1:50050";

/** Adds `--ca`, `--cert`, `--key`, `--token-file` and `--profile`, for servers that speak TLS and ask for a token. */
export function addConnection(command: Command): Command {
	return command
		.option(
			"--ca <file>",
			'certificate authority of the server (PEM), or "system" for those of this machine; plaintext without --ca and --cert',
		)
		.option("--cert <file>", "client certificate to show to the server (PEM); needs --key")
		.option("--key <file>", "private key of that certificate (PEM)")
		.option("--token-file <file>", "file with the bearer token that the server asks for")
		.option("--profile <name>", "entry of ~/.config/archgen/profiles.json with address and credentials");
}

/** Adds `--address` and how to speak to it. */
export function addAddress(command: Command): Command {
	return addConnection(
		command.option("--address <host:port>", `orchestrator to ask (default: ${ORCHESTRATOR})`),
	);
}

/** Connection to the orchestrator of the options. */
export function orchestratorOf(
	options: ConnectionOptions,
	{ environment }: CliContext,
): Promise<ClientConfig> {
	return connectionOf(options, environment, ORCHESTRATOR);
}

/** Calls the orchestrator of the options about jobs; errors name options. */
export async function withJobs<T>(
	context: CliContext,
	options: OrchestratorOptions,
	body: (jobs: JobClient) => Promise<T>,
): Promise<T> {
	const connection = await orchestratorOf(options, context);
	const service = orchestrator.EvolutionJobServiceService;
	return inOptionsOf(() => withClient(service, connection, context.signal, body));
}

/** Calls the orchestrator of the options about networks and models. */
export async function withOrchestrator<T>(
	context: CliContext,
	options: OrchestratorOptions,
	body: (client: RpcClient<typeof orchestrator.OrchestratorServiceService>) => Promise<T>,
): Promise<T> {
	const connection = await orchestratorOf(options, context);
	return withClient(orchestrator.OrchestratorServiceService, connection, context.signal, body);
}
