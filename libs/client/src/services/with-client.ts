import { type ClientConfig, createClient, type RpcClient, type ServiceDefinition } from "@archgen/rpc";
import { reach } from "./connection.js";

/**
 * Calls a service and closes the connection afterwards.
 *
 * @throws ArchgenError that names `--address` when nothing answers there
 */
export async function withClient<D extends ServiceDefinition, T>(
	definition: D,
	connection: ClientConfig,
	signal: AbortSignal,
	body: (client: RpcClient<D>) => Promise<T>,
): Promise<T> {
	await reach(connection, signal);
	const client = createClient(definition, connection);
	try {
		return await body(client);
	} finally {
		client.close();
	}
}
