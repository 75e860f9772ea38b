import { FolderModelStore } from "@archgen/model-store";
import { createLogger, createServer, type StartedService, serverConfig } from "@archgen/rpc";
import { Generator } from "./generator.js";
import { Models } from "./models.js";
import { orchestratorService } from "./service.js";
import type { OrchestratorSettings } from "./settings.js";
import { createUpstream } from "./upstream.js";

/** Starts the service. The services that it composes may start later; calls that need them wait a little and then fail. */
export async function startOrchestrator(settings: OrchestratorSettings): Promise<StartedService> {
	const upstream = createUpstream(settings);
	const generator = new Generator(upstream, settings.scoring);
	const models = new Models(new FolderModelStore(settings.models));
	try {
		const server = await createServer({
			...serverConfig(settings),
			services: [orchestratorService(generator, models)],
			logger: createLogger({ service: "orchestrator", level: settings.logLevel }),
		});
		return { address: server.address, stop: () => server.stop().finally(() => upstream.close()) };
	} catch (failure) {
		upstream.close();
		throw failure;
	}
}
