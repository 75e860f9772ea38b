import { throwIfAborted } from "@archgen/errors";
import type { TensorValues } from "../runtime/runtime.js";
import type { SessionPool } from "../runtime/session-pool.js";
import { createTrainer, type Trainer, type TrainerState, type TrainingDefinition } from "./trainer.js";

/** What the caller of a training sees and keeps of it. */
export interface TrainingHooks<Checkpoint = TrainerState> {
	readonly signal?: AbortSignal;
	/** After each step, with the loss and further metrics of that step's batch. */
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
	readonly checkpoint?: {
		/** Steps between two checkpoints; one is always saved at the end. */
		readonly every: number;
		readonly save: (checkpoint: Checkpoint) => Promise<void>;
	};
	/** A saved checkpoint; training continues after its step as if it had never stopped. */
	readonly resume?: Checkpoint;
}

/** Takes one step, counted from 0, and says what to report of it. */
export type TakeStep = (step: number) => Promise<Readonly<Record<string, number>>>;

/** A training: the graph with its optimiser, where it begins, and how a step is taken. */
export interface Fit {
	readonly definition: Omit<TrainingDefinition, "start">;
	/** Fresh parameters, for a training that does not resume. */
	readonly initial: () => ReadonlyMap<string, Float32Array>;
	readonly steps: number;
	/** How steps are taken, see `batches`. */
	readonly begin: (trainer: Trainer, signal?: AbortSignal) => TakeStep | Promise<TakeStep>;
	/** True where the training ends before its last step, given the steps completed. Default never. */
	readonly isOver?: (completed: number) => boolean;
}

/** Steps on batches that depend on the step alone; the next one is prepared while the workers compute. */
export function batches(batchOf: (step: number) => TensorValues): Fit["begin"] {
	return (trainer, signal) => {
		let prepared: { readonly step: number; readonly batch: TensorValues } | undefined;
		return (step) => {
			const batch = prepared?.step === step ? prepared.batch : batchOf(step);
			const running = trainer.step(batch, signal);
			prepared = { step: step + 1, batch: batchOf(step + 1) };
			return running;
		};
	};
}

/**
 * Takes the steps of a training.
 *
 * @throws ArchgenError CANCELLED when the signal fires; the last checkpoint stays good
 */
export async function fit(
	pool: SessionPool,
	training: Fit,
	hooks: TrainingHooks = {},
): Promise<TrainerState> {
	const { definition, initial, steps, begin, isOver = () => false } = training;
	const { signal, resume, checkpoint, onProgress } = hooks;
	const start = resume ? { state: resume } : { initial: initial() };
	const trainer = await createTrainer(pool, { ...definition, start });
	try {
		const takeStep = await begin(trainer, signal);
		let completed = resume?.step ?? 0;
		while (completed < steps && !isOver(completed)) {
			throwIfAborted(signal);
			const metrics = await takeStep(completed);
			completed++;
			onProgress?.(completed, steps, metrics);
			if (completed === steps || completed % (checkpoint?.every ?? steps) === 0)
				await checkpoint?.save(await trainer.state());
		}
		return await trainer.state();
	} finally {
		await trainer.release();
	}
}

/** Hooks whose checkpoints hold more than the trainer's state, as hooks of `fit`. */
export function hooksOfState<Checkpoint>(
	{ checkpoint, resume, ...rest }: TrainingHooks<Checkpoint>,
	toCheckpoint: (state: TrainerState) => Checkpoint,
	toState: (checkpoint: Checkpoint) => TrainerState,
): TrainingHooks {
	return {
		...rest,
		...(checkpoint && {
			checkpoint: { every: checkpoint.every, save: (state) => checkpoint.save(toCheckpoint(state)) },
		}),
		...(resume && { resume: toState(resume) }),
	};
}
