import type { SessionPool } from "@archgen/tensor-graph";
import type { CcnfConfig } from "./ccnf-config.js";
import type { Objective } from "./export-ccnf.js";
import { checkFlowData, type FlowData } from "./flow-data.js";
import { trainFlowMatching } from "./train-flow-matching.js";
import { trainNll } from "./train-nll.js";
import type { CcnfTrainingHooks, TrainingResult } from "./training-hooks.js";

type Train = (
	pool: SessionPool,
	data: FlowData,
	config: CcnfConfig,
	hooks?: CcnfTrainingHooks,
) => Promise<TrainingResult>;

const OBJECTIVES: { readonly [O in Objective]: Train } = {
	"flow-matching": trainFlowMatching,
	nll: trainNll,
};

/**
 * Trains a flow from the standard normal to the latents, given their conditions.
 *
 * The batch of step s depends on the seed and s alone: the same seed, data and configuration give the same flow, also
 * across an interruption.
 *
 * @throws ArchgenError INVALID_ARGUMENT for data that do not fit, CANCELLED when the signal fires
 */
export function trainCcnf(
	pool: SessionPool,
	data: FlowData,
	config: CcnfConfig,
	hooks: CcnfTrainingHooks = {},
): Promise<TrainingResult> {
	checkFlowData(data, config.size);
	return OBJECTIVES[config.objective](pool, data, config, hooks);
}
