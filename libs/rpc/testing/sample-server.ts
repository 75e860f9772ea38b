import {
	createLogger,
	createServer,
	type Implementation,
	implement,
	orchestrator,
	type ServerConfig,
	zcproxy,
} from "../src/index.js";

const { ZcProxyServiceService } = zcproxy;
const { OrchestratorServiceService } = orchestrator;

/**
 * A server of two real service definitions whose handlers a test replaces one by one, the lines it wrote about defects (`log`) and all of them
 * (`lines`).
 */
export async function startSample(
	handlers: Partial<Implementation<typeof ZcProxyServiceService>> = {},
	config: Partial<ServerConfig> = {},
	streams: Partial<Implementation<typeof OrchestratorServiceService>> = {},
) {
	const log: Record<string, unknown>[] = [];
	const lines: Record<string, unknown>[] = [];
	const destination = {
		write: (text: string) => {
			const line = JSON.parse(text) as Record<string, unknown>;
			lines.push(line);
			if (line.level === "error") log.push(line);
		},
	};
	const server = await createServer({
		services: [
			implement(ZcProxyServiceService, { ...PROXIES, ...handlers }, { waiting: ["evaluateStream"] }),
			implement(OrchestratorServiceService, { ...NETWORKS, ...streams }),
		],
		logger: createLogger({ service: "sample", destination }),
		limits: { drainMs: 300 },
		...config,
	});
	return { server, log, lines };
}

const PROXIES: Implementation<typeof ZcProxyServiceService> = {
	evaluateBatch: async (request) =>
		zcproxy.EvaluateBatchResponse.fromPartial({ requestId: request.requestId }),
	evaluateStream: async function* (requests) {
		for await (const { item } of requests) {
			yield zcproxy.EvaluateStreamResponse.fromPartial({ result: { itemId: item?.itemId } });
		}
	},
	listProxies: async () => zcproxy.ListProxiesResponse.fromPartial({ proxies: [{ name: "naswot" }] }),
};

const NETWORKS: Implementation<typeof OrchestratorServiceService> = {
	generateNetworks: async function* () {
		for (let done = 0; done < 3; done += 1) {
			yield orchestrator.GenerateNetworksResponse.fromPartial({
				event: { $case: "progress", value: { done } },
			});
		}
	},
	generateNetworksUnary: async () => orchestrator.GenerateNetworksUnaryResponse.fromPartial({}),
	exportNetwork: async function* () {},
	listModels: async () => orchestrator.ListModelsResponse.fromPartial({}),
	getModel: async () => orchestrator.GetModelResponse.fromPartial({}),
	promoteModel: async () => orchestrator.PromoteModelResponse.fromPartial({}),
	sampleSynonyms: async () => orchestrator.SampleSynonymsResponse.fromPartial({}),
	rollbackModel: async () => orchestrator.RollbackModelResponse.fromPartial({}),
};

/** Resolves once the condition holds; rejects after twenty seconds. */
export async function eventually(condition: () => boolean): Promise<void> {
	const end = Date.now() + 20_000;
	while (!condition()) {
		if (Date.now() > end) {
			throw new Error("The condition did not come true in time.");
		}
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
