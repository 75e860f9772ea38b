import { type ImplementedService, implement, orchestrator } from "@archgen/rpc";
import { exportNetwork } from "./export-network.js";
import type { Generator, Report } from "./generator.js";
import type { Models } from "./models.js";
import { withProgress } from "./with-progress.js";

/** Handlers of `OrchestratorService`. */
export function orchestratorService(generator: Generator, models: Models): ImplementedService {
	return implement(orchestrator.OrchestratorServiceService, {
		generateNetworks: async function* ({ spec, requestId }, context) {
			const logged = { ...context, logger: context.logger.child({ requestId }) };
			for await (const event of withProgress((report: Report) => generator.generate(spec, logged, report))) {
				if ("progress" in event) {
					yield { event: { $case: "progress", value: event.progress }, requestId };
				} else {
					yield { event: { $case: "result", value: event.result }, requestId };
				}
			}
		},
		generateNetworksUnary: async ({ spec, requestId }, context) => {
			const logged = { ...context, logger: context.logger.child({ requestId }) };
			return { result: await generator.generate(spec, logged), requestId };
		},
		exportNetwork,
		listModels: (request) => models.list(request),
		getModel: (request) => models.get(request),
	});
}
