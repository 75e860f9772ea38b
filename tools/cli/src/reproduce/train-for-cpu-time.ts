import {
	type CcnfCheckpoint,
	type CcnfConfig,
	type FlowData,
	type TrainedFlow,
	trainCcnf,
} from "@archgen/ccnf";
import type { SessionPool } from "@archgen/tensor-graph";
import type { Progress } from "../cli/progress.js";
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from "../training/trainer-checkpoint.js";
import { fingerprint } from "../training/workspace.js";

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

/**
 * Trains until the budget is used up. A few steps on the side tell what a step costs; from that follow how often a
 * checkpoint is due and how many steps a schedule spans that falls to 0.
 */
export async function trainForCpuTime(task: CpuTimeTask): Promise<CpuTimeResult> {
	const { path, budget, config } = task;
	const identity = fingerprint("cpu time", { ...config, steps: 0 }, budget, task.dataIdentity);
	const saved = await loadCheckpoint(path, identity);
	const secondsPerStep = Number(saved?.metadata.secondsPerStep ?? (await costOfStep(task)));
	const before = Number(saved?.metadata.cpuSeconds ?? 0);
	const began = task.cpuSeconds();
	const spent = () => before + task.cpuSeconds() - began;
	let latest = saved && checkpointOf(saved);
	let cpuSeconds = before;
	const enough = new AbortController();
	const save = async (checkpoint: CcnfCheckpoint) => {
		latest = checkpoint;
		cpuSeconds = spent();
		await saveCheckpoint(
			path,
			identity,
			checkpoint.trainer,
			metadataOf(checkpoint, { secondsPerStep, cpuSeconds }),
		);
		if (cpuSeconds >= budget) enough.abort();
	};
	const progress = task.progress(`${config.objective}, CPU seconds`, {
		total: Math.round(budget),
		start: Math.round(before),
	});
	try {
		if (before < budget)
			await trainCcnf(
				task.pool,
				task.data,
				{ ...config, steps: stepsWithin(budget, secondsPerStep, config) },
				{
					signal: AbortSignal.any([task.signal, enough.signal]),
					onProgress: (step, _total, { loss }) =>
						progress.update(
							Math.round(Math.min(spent(), budget)),
							`step ${step} loss ${loss!.toPrecision(4)}`,
						),
					checkpoint: { every: Math.max(1, Math.round(CHECKPOINT_SECONDS / secondsPerStep)), save },
					...(latest && { resume: latest }),
				},
			);
	} catch (error) {
		if (!enough.signal.aborted) throw error; // else it is the end that was wanted
	} finally {
		progress.stop();
	}
	const { flow } = await flowOf(task, latest!);
	return { flow, steps: latest!.trainer.step, cpuSeconds };
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

function metadataOf({ noiseNorm }: CcnfCheckpoint, numbers: Readonly<Record<string, number>>) {
	const text = Object.entries(numbers).map(([name, value]) => [name, String(value)]);
	return { ...Object.fromEntries(text), ...(noiseNorm && { noiseNorm: JSON.stringify(noiseNorm) }) };
}

function checkpointOf({ state, metadata }: Checkpoint): CcnfCheckpoint {
	const { noiseNorm } = metadata;
	return { trainer: state, ...(noiseNorm !== undefined && { noiseNorm: JSON.parse(noiseNorm) }) };
}
