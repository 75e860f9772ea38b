import { createRandom } from "@archgen/random";
import {
	batches,
	fit,
	hooksOfState,
	initialize,
	type SessionPool,
	type TrainerState,
} from "@archgen/tensor-graph";
import type { CcnfConfig } from "./ccnf-config.js";
import type { TrainedFlow } from "./export-ccnf.js";
import type { FlowData } from "./flow-data.js";
import { flowMatchingBatch, flowMatchingLoss } from "./flow-matching.js";
import { identityNormalization, normalizationOf, normalize } from "./moving-batch-norm.js";
import type { CcnfTrainingHooks, TrainingResult } from "./training-hooks.js";

/**
 * Trains the field by flow matching.
 *
 * The data do not change, so the running statistics that a MovingBatchNorm would converge to are computed at once. At the
 * noise end the flow starts from the standard normal by construction and needs no normalisation.
 */
export async function trainFlowMatching(
	pool: SessionPool,
	data: FlowData,
	config: CcnfConfig,
	hooks: CcnfTrainingHooks = {},
): Promise<TrainingResult> {
	const { size, batch: rows } = config;
	const latentNorm = normalizationOf(data.latents, size.dimension);
	const normalized = { ...data, latents: normalize(latentNorm, data.latents) };
	const random = createRandom(config.seed);
	const graph = flowMatchingLoss(size, rows);
	const training = {
		definition: {
			...graph,
			optimizer: { ...config, schedule: { kind: config.schedule, totalSteps: config.steps } },
		},
		initial: () => initialize(graph.parameters.specs(), random.fork("parameters")),
		steps: config.steps,
		begin: batches((step) => flowMatchingBatch(normalized, size, rows, random.fork(`step-${step}`))),
	};
	const ofState = (trainer: TrainerState) => ({ trainer });
	const state = await fit(
		pool,
		training,
		hooksOfState(hooks, ofState, ({ trainer }) => trainer),
	);
	return { flow: flowOf(config, latentNorm, state.parameters), checkpoint: ofState(state) };
}

function flowOf(
	{ size }: CcnfConfig,
	latentNorm: TrainedFlow["description"]["latentNorm"],
	parameters: TrainedFlow["parameters"],
): TrainedFlow {
	const noiseNorm = identityNormalization(size.dimension);
	return {
		description: { objective: "flow-matching", size, endTime: 1, latentNorm, noiseNorm },
		parameters,
	};
}
