import { createClient, orchestrator } from "@archgen/rpc";
import getPort from "get-port";
import { expect, test } from "vitest";
import { orchestratorSettings } from "./settings.js";
import { startOrchestrator } from "./start.js";

test("a service that cannot be reached is named", async () => {
	const settings = {
		port: 0,
		logLevel: "silent",
		upstream: { seqgen: `127.0.0.1:${await getPort({ host: "127.0.0.1" })}`, patienceMs: 0 },
	};
	const service = await startOrchestrator(orchestratorSettings.parse(settings));
	const client = createClient(orchestrator.OrchestratorServiceService, {
		address: service.address,
		maxAttempts: 1,
	});
	const spec = { inputSize: 32, classCount: 10, candidates: 1 };
	const call = client.generateNetworksUnary(orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec }));
	await expect(call).rejects.toMatchObject({
		category: "UNAVAILABLE",
		message: expect.stringContaining("The seqgen service"),
		metadata: { service: "seqgen" },
	});
	client.close();
	await service.stop();
});
