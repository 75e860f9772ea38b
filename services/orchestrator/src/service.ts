import { type ImplementedService, implement, orchestrator } from "@archgen/rpc";
import { exportNetwork } from "./export-network.js";
import type { Exporter } from "./exporter.js";
import { GenerationRuns } from "./generation-runs.js";
import type { Generator } from "./generator.js";
import type { Models } from "./models.js";
import { type Promotion, type Promotions, parseModelName, parseVersionName } from "./promotion.js";
import type { PromotionGate } from "./promotion-gate.js";

/** Handlers of `OrchestratorService`. */
export function orchestratorService(
	generator: Generator,
	models: Models,
	promotions: Promotions,
	gate: PromotionGate,
	exporter: Exporter,
): ImplementedService {
	const runs = new GenerationRuns<orchestrator.GenerationProgress, orchestrator.GenerationResult>();
	return implement(orchestrator.OrchestratorServiceService, {
		generateNetworks: async function* ({ spec, requestId, resumeToken: token }, { signal, logger, mark }) {
			const resumeToken =
				token || runs.start((report, kept) => generator.generate(spec, { signal: kept, logger }, report));
			mark(resumeToken);
			for await (const event of runs.follow(resumeToken, signal)) {
				if ("progress" in event) {
					yield { event: { $case: "progress", value: event.progress }, requestId, resumeToken };
				} else {
					yield { event: { $case: "result", value: event.result }, requestId, resumeToken };
				}
			}
		},
		generateNetworksUnary: async ({ spec, requestId }, context) => {
			return { result: await generator.generate(spec, context), requestId };
		},
		sampleSynonyms: (request, context) => generator.synonyms(request, context),
		exportNetwork: exportNetwork(exporter),
		listModels: (request) => models.list(request),
		getModel: (request) => models.get(request),
		promoteModel: async ({ name, ifNotWorse }, context) => {
			const { model, version } = parseVersionName(name);
			const served = ifNotWorse ? await promotions.served(model) : undefined;
			const compared =
				served === undefined || served === version ? [] : await gate.require(model, version, served, context);
			return { ...(await promoted(models, await promotions.promote(model, version))), comparisons: compared };
		},
		rollbackModel: async ({ name }) => promoted(models, await promotions.rollback(parseModelName(name))),
	});
}

async function promoted(models: Models, { model, version, before }: Promotion) {
	const reply = await models.get({ name: `models/${model}/versions/${version}` });
	return { ...reply, previousVersion: before ?? "" };
}
