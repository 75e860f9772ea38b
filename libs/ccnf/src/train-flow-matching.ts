import { throwIfAborted } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { createTrainer, initialize, type SessionPool } from "@archgen/tensor-graph";
import type { CcnfConfig } from "./ccnf-config.js";
import type { TrainedFlow } from "./export-ccnf.js";
import type { FlowData } from "./flow-data.js";
import { flowMatchingBatch, flowMatchingLoss } from "./flow-matching.js";
import { identityNormalization, normalizationOf, normalize } from "./moving-batch-norm.js";
import { isCheckpoint, type TrainingHooks, type TrainingResult } from "./training-hooks.js";

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
	hooks: TrainingHooks = {},
): Promise<TrainingResult> {
	const { size, batch: rows } = config;
	const latentNorm = normalizationOf(data.latents, size.dimension);
	const normalized = { ...data, latents: normalize(latentNorm, data.latents) };
	const random = createRandom(config.seed);
	const graph = flowMatchingLoss(size, rows);
	const trainer = await createTrainer(pool, {
		...graph,
		optimizer: { ...config, schedule: { kind: config.schedule, totalSteps: config.steps } },
		start: hooks.resume
			? { state: hooks.resume.trainer }
			: { initial: initialize(graph.parameters.specs(), random.fork("parameters")) },
	});
	const batchOf = (step: number) => flowMatchingBatch(normalized, size, rows, random.fork(`step-${step}`));
	const result = async (): Promise<TrainingResult> => {
		const state = await trainer.state();
		return { flow: flowOf(config, latentNorm, state.parameters), checkpoint: { trainer: state } };
	};
	try {
		const first = hooks.resume?.trainer.step ?? 0;
		let batch = batchOf(first);
		for (let step = first; step < config.steps; step++) {
			throwIfAborted(hooks.signal);
			const running = trainer.step(batch, hooks.signal);
			batch = batchOf(step + 1); // prepared while the worker computes
			hooks.onProgress?.(step + 1, config.steps, await running);
			if (isCheckpoint(step + 1, config.steps, hooks))
				await hooks.checkpoint?.save((await result()).checkpoint);
		}
		return await result();
	} finally {
		await trainer.release();
	}
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
