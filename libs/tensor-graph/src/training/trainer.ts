import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import pLimit from "p-limit";
import { gradients } from "../gradient.js";
import { buildModel } from "../model.js";
import type { ParameterScope } from "../parameters.js";
import { runFailure } from "../runtime/run-failure.js";
import type { TensorValues } from "../runtime/runtime.js";
import type { Resident, SessionPool } from "../runtime/session-pool.js";
import { staticShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { adamwScalars, type OptimizerOptions } from "./adamw.js";
import { averageDecay } from "./average-pass.js";
import { GRADIENT, type ShareReply, type ShareRequest, type ShareSetup } from "./share-resident.js";
import { type Region, TrainingMemory } from "./training-memory.js";

/** A loss, or a part of one, with what is reported beside it. */
export interface LossTerms {
	/** Scalar, computed from the batch inputs and the parameters. */
	readonly loss: Tensor;
	/** Further scalars to report. */
	readonly metrics?: Readonly<Record<string, Tensor>>;
}

export interface TrainingDefinition extends LossTerms {
	/**
	 * The same loss as a sum, over the same batch and parameters, which is worked on side by side when the pool has a worker for each share.
	 * Metrics of one name are added up too.
	 */
	readonly shares?: readonly LossTerms[];
	/** The parameters to train; those the loss does not depend on only decay. */
	readonly parameters: ParameterScope;
	readonly optimizer: OptimizerOptions;
	/**
	 * Largest decay of an exponential moving average of the parameters, as `averageDecay` warms it up; no average is kept unless given.
	 */
	readonly averageDecay?: number;
	/** Where to start: fresh parameters, or a state saved before. */
	readonly start: { readonly initial: ReadonlyMap<string, Float32Array> } | { readonly state: TrainerState };
}

/** All that is needed to go on training: a checkpoint. */
export interface TrainerState {
	/** Completed steps. */
	readonly step: number;
	readonly parameters: ReadonlyMap<string, Float32Array>;
	/** Adam's moments by parameter name. */
	readonly first: ReadonlyMap<string, Float32Array>;
	readonly second: ReadonlyMap<string, Float32Array>;
	/** Moving average of the parameters, where the training keeps one. */
	readonly average?: ReadonlyMap<string, Float32Array>;
}

/** Loss, gradient norm before clipping, and the metrics asked for. */
export type StepMetrics = Readonly<Record<string, number>> & {
	readonly loss: number;
	readonly gradientNorm: number;
};

export interface Trainer {
	/**
	 * One optimiser step on a batch given by input name; nothing has changed if it fails or is cancelled. A step that has its gradients is
	 * finished, whether or not the signal fires.
	 */
	step(batch: TensorValues, signal?: AbortSignal): Promise<StepMetrics>;
	state(): Promise<TrainerState>;
	release(): Promise<void>;
}

const RESIDENT = pathToFileURL(
	createRequire(import.meta.url).resolve("@archgen/tensor-graph/share-resident"),
);

/**
 * Trains with one graph for loss and gradients, or one for each share of the loss. Parameters, moments and gradients are in memory that the workers
 * share: a step sends a batch and gets back a few numbers; each worker computes the gradient of its share, then clips and updates its stretch
 * of all parameters.
 */
export async function createTrainer(pool: SessionPool, definition: TrainingDefinition): Promise<Trainer> {
	const { parameters, optimizer, averageDecay: mostDecay, start, shares = [] } = definition;
	const terms = shares.length > 1 && shares.length <= pool.size ? shares : [definition];
	const specs = parameters.specs().map(({ name, shape }) => ({ name, shape: staticShape(shape) }));
	const plan = { specs, shares: terms.length, averaged: mostDecay !== undefined };
	const memory = new TrainingMemory(plan);
	writeStart(memory, start);
	const homes = terms.map((term, share) => ({
		model: gradientModel(term, parameters),
		setup: { plan, memory: memory.shared, share },
	}));
	const residents = await pool.loadResidents<ShareSetup, ShareRequest, ShareReply>(RESIDENT, homes, {
		arena: true,
	});
	let completed = "state" in start ? start.state.step : 0;
	let isHalfUpdated = false;
	async function step(batch: TensorValues, signal?: AbortSignal): Promise<StepMetrics> {
		const metrics = sum(await askAll(residents, { kind: "differentiate", batch }, signal));
		const gradientNorm = Math.sqrt(sum(await askAll(residents, { kind: "addUp" })).squares!);
		const scalars = adamwScalars(completed, gradientNorm, optimizer);
		const decay = averageDecay(completed + 1, mostDecay);
		isHalfUpdated = true;
		await askAll(residents, { kind: "update", scalars, decay });
		isHalfUpdated = false;
		completed++;
		return { ...metrics, loss: metrics.loss!, gradientNorm };
	}
	const inTurn = pLimit(1);
	const whileWhole = <T>(work: () => Promise<T>) =>
		inTurn(async () => {
			if (isHalfUpdated) throw runFailure("a worker of the training has stopped during an update");
			return work();
		});
	return {
		step: (batch, signal) => whileWhole(() => step(batch, signal)),
		state: () => whileWhole(async () => readState(memory, completed)),
		release: () =>
			inTurn(async () => {
				await Promise.all(residents.map((resident) => resident.release()));
			}),
	};
}

function gradientModel({ loss, metrics = {} }: LossTerms, parameters: ParameterScope): Uint8Array {
	const tensors = [...parameters.tensors()];
	const raw = gradients(
		loss,
		tensors.map(([, tensor]) => tensor),
	);
	const outputs = Object.fromEntries(tensors.map(([name], i) => [GRADIENT + name, raw[i]!]));
	return buildModel({ outputs: { ...metrics, loss, ...outputs }, name: "training" });
}

/** The replies of all, once all have replied, so that none is still at work when one has failed. */
async function askAll(
	residents: readonly Resident<ShareRequest, ShareReply>[],
	request: ShareRequest,
	signal?: AbortSignal,
): Promise<ShareReply[]> {
	const replies = residents.map((resident) => resident.ask(request, signal));
	await Promise.allSettled(replies);
	return Promise.all(replies);
}

function sum(replies: readonly ShareReply[]): Record<string, number> {
	const total: Record<string, number> = {};
	for (const reply of replies)
		for (const [name, value] of Object.entries(reply)) total[name] = (total[name] ?? 0) + value;
	return total;
}

function writeStart(memory: TrainingMemory, start: TrainingDefinition["start"]): void {
	const from: Partial<TrainerState> = "state" in start ? start.state : { parameters: start.initial };
	for (const { name } of memory.plan.specs) {
		const initial = from.parameters?.get(name);
		if (initial === undefined) throw new Error(`no initial value for the parameter "${name}"`);
		memory.write("parameters", name, initial);
		if (memory.plan.averaged) memory.write("average", name, from.average?.get(name) ?? initial);
		for (const moments of ["first", "second"] as const) {
			const saved = from[moments]?.get(name);
			if (saved !== undefined) memory.write(moments, name, saved);
		}
	}
}

function readState(memory: TrainingMemory, step: number): TrainerState {
	const part = (region: Exclude<Region, number>) =>
		new Map(memory.plan.specs.map(({ name }) => [name, memory.view(region, name).slice()]));
	return {
		...{ step, parameters: part("parameters"), first: part("first"), second: part("second") },
		...(memory.plan.averaged && { average: part("average") }),
	};
}
