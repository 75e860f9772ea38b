import { type ImplementedService, implement, orchestrator } from "@archgen/rpc";
import { exportNetwork } from "./export-network.js";
import type { Generator, Report } from "./generator.js";
import type { Models } from "./models.js";
import { type Promotion, type Promotions, parseModelName, parseVersionName } from "./promotion.js";
import { withProgress } from "./with-progress.js";

/** Handlers of `OrchestratorService`. */
export function orchestratorService(
	generator: Generator,
	models: Models,
	promotions: Promotions,
): ImplementedService {
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
		promoteModel: async ({ name }) => {
			const { model, version } = parseVersionName(name);
			return promoted(models, await promotions.promote(model, version));
		},
		rollbackModel: async ({ name }) => promoted(models, await promotions.rollback(parseModelName(name))),
	});
}

async function promoted(models: Models, { model, version, before }: Promotion) {
	const reply = await models.get({ name: `models/${model}/versions/${version}` });
	return { ...reply, previousVersion: before ?? "" };
}
