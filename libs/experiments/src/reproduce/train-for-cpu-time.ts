import {
	type CcnfCheckpoint,
	type CcnfConfig,
	type FlowData,
	type TrainedFlow,
	trainCcnf,
} from "@archgen/ccnf";
import {
	type Checkpoint,
	fingerprint,
	loadCheckpoint,
	type Progress,
	saveCheckpoint,
} from "@archgen/pipeline";
import type { SessionPool } from "@archgen/tensor-graph";

/** A training that ends when it has used so much CPU time. */
export interface CpuTimeTask {
	readonly pool: SessionPool;
	readonly data: FlowData;
	/** Its `steps` are replaced by what the budget allows. */
	readonly config: CcnfConfig;
	/** CPU seconds of this process. */
	readonly budget: number;
	/** Checkpoint file: a stopped training goes on with what is left of its budget. */
	readonly path: string;
	/** Identifies the data. */
	readonly dataIdentity: string;
	/** CPU seconds of this process so far. */
	readonly cpuSeconds: () => number;
	readonly progress: (title: string, options: { readonly total: number; readonly start: number }) => Progress;
	readonly signal: AbortSignal;
}

export interface CpuTimeResult {
	readonly flow: TrainedFlow;
	readonly steps: number;
	readonly cpuSeconds: number;
}

/** CPU seconds between two checkpoints; training ends at a checkpoint. */
const CHECKPOINT_SECONDS = 10;
/** CPU seconds that measure what a step costs. */
const TRIAL_SECONDS = 4;

/** How far a training has come. */
interface Progressed {
	/** The last checkpoint; none before the first. */
	readonly checkpoint?: CcnfCheckpoint;
	readonly cpuSeconds: number;
	/** CPU seconds of a step, measured before the first one. */
	readonly secondsPerStep: number;
}

/**
 * Trains until the budget is used up. A few steps on the side tell what a step costs; from that follow how often a
 * checkpoint is due and how many steps a schedule spans that falls to 0.
 */
export async function trainForCpuTime(task: CpuTimeTask): Promise<CpuTimeResult> {
	const { path, budget, config } = task;
	const identity = fingerprint("cpu time", { ...config, steps: 0 }, budget, task.dataIdentity);
	const saved = await loadCheckpoint(path, identity);
	const start = saved ? readProgress(saved) : { cpuSeconds: 0, secondsPerStep: await costOfStep(task) };
	const end = start.cpuSeconds < budget ? await train(task, start, identity) : start;
	const { flow } = await flowOf(task, end.checkpoint!);
	return { flow, steps: end.checkpoint!.trainer.step, cpuSeconds: end.cpuSeconds };
}

async function train(task: CpuTimeTask, start: Progressed, identity: string): Promise<Progressed> {
	const { path, budget, config, cpuSeconds: clock } = task;
	const began = clock();
	const spent = () => start.cpuSeconds + clock() - began;
	const enough = new AbortController();
	let now = start;
	const save = async (checkpoint: CcnfCheckpoint) => {
		now = { ...start, checkpoint, cpuSeconds: spent() };
		await saveCheckpoint(path, identity, checkpoint.trainer, metadataOf(now));
		if (now.cpuSeconds >= budget) enough.abort();
	};
	const range = { total: Math.round(budget), start: Math.round(start.cpuSeconds) };
	const progress = task.progress(`${config.objective}, CPU seconds`, range);
	const steps = stepsWithin(budget, start.secondsPerStep, config);
	try {
		await trainCcnf(
			task.pool,
			task.data,
			{ ...config, steps },
			{
				signal: AbortSignal.any([task.signal, enough.signal]),
				onProgress: (step, _total, { loss }) =>
					progress.update(
						Math.min(Math.round(spent()), range.total),
						`step ${step} loss ${loss!.toPrecision(4)}`,
					),
				checkpoint: { every: Math.max(1, Math.round(CHECKPOINT_SECONDS / start.secondsPerStep)), save },
				...(start.checkpoint && { resume: start.checkpoint }),
			},
		);
	} catch (error) {
		if (!enough.signal.aborted) throw error; // else it is the end that was wanted
	} finally {
		progress.stop();
	}
	return now;
}

/** A constant learning rate needs no end in sight; a schedule that falls ends where the budget is expected to. */
function stepsWithin(budget: number, secondsPerStep: number, { schedule }: CcnfConfig): number {
	return schedule === "constant" ? 1_000_000 : Math.max(1, Math.floor(budget / secondsPerStep));
}

async function costOfStep({ pool, data, config, cpuSeconds, signal }: CpuTimeTask): Promise<number> {
	const enough = new AbortController();
	let [began, cost] = [0, Number.NaN];
	const onProgress = (step: number) => {
		if (step === 1)
			began = cpuSeconds(); // the first step also compiles
		else cost = (cpuSeconds() - began) / (step - 1);
		if (step > 1 && cpuSeconds() - began > TRIAL_SECONDS) enough.abort();
	};
	const training = trainCcnf(pool, data, config, {
		signal: AbortSignal.any([signal, enough.signal]),
		onProgress,
	});
	await training.catch((error: unknown) => {
		if (!enough.signal.aborted) throw error;
	});
	return cost;
}

/** A training that has no step left returns the flow where it stands. */
function flowOf({ pool, data, config }: CpuTimeTask, resume: CcnfCheckpoint) {
	return trainCcnf(pool, data, { ...config, steps: resume.trainer.step }, { resume });
}

function metadataOf({ checkpoint, cpuSeconds, secondsPerStep }: Progressed): Record<string, string> {
	const { noiseNorm } = checkpoint!;
	return {
		cpuSeconds: String(cpuSeconds),
		secondsPerStep: String(secondsPerStep),
		...(noiseNorm && { noiseNorm: JSON.stringify(noiseNorm) }),
	};
}

function readProgress({ state, metadata }: Checkpoint): Progressed {
	const { noiseNorm } = metadata;
	return {
		checkpoint: { trainer: state, ...(noiseNorm !== undefined && { noiseNorm: JSON.parse(noiseNorm) }) },
		cpuSeconds: Number(metadata.cpuSeconds),
		secondsPerStep: Number(metadata.secondsPerStep),
	};
}
