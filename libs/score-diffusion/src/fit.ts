import { throwIfAborted } from "@archgen/errors";
import {
	createTrainer,
	type SessionPool,
	type TensorValues,
	type TrainerState,
	type TrainingDefinition,
} from "@archgen/tensor-graph";

export interface TrainingHooks {
	readonly signal?: AbortSignal;
	/** After each step, with the loss of that step's batch. */
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
	readonly checkpoint?: {
		/** Steps between two checkpoints; one is always saved at the end. */
		readonly every: number;
		readonly save: (state: TrainerState) => Promise<void>;
	};
	/** A saved checkpoint; training continues after its step as if it had never stopped. */
	readonly resume?: TrainerState;
}

/** A training whose batch of step s depends on s alone, so that a resumed run is the same run. */
export interface Fit {
	readonly definition: TrainingDefinition;
	readonly steps: number;
	readonly batchOf: (step: number) => TensorValues;
}

/**
 * Takes the steps of a training.
 *
 * @throws ArchgenError CANCELLED when the signal fires; the last checkpoint stays good
 */
export async function fit(pool: SessionPool, training: Fit, hooks: TrainingHooks): Promise<TrainerState> {
	const { definition, steps, batchOf } = training;
	const trainer = await createTrainer(pool, definition);
	try {
		const first = hooks.resume?.step ?? 0;
		let batch = batchOf(first);
		for (let step = first; step < steps; step++) {
			throwIfAborted(hooks.signal);
			const running = trainer.step(batch, hooks.signal);
			batch = batchOf(step + 1); // prepared while the worker computes
			hooks.onProgress?.(step + 1, steps, await running);
			if (step + 1 === steps || (step + 1) % (hooks.checkpoint?.every ?? steps) === 0)
				await hooks.checkpoint?.save(await trainer.state());
		}
		return await trainer.state();
	} finally {
		await trainer.release();
	}
}
