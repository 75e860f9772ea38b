import { gradients } from "../gradient.js";
import { buildModel } from "../model.js";
import { add, input, scalar } from "../operators/index.js";
import type { ParameterScope } from "../parameters.js";
import { f32, type TensorValue, type TensorValues } from "../runtime/runtime.js";
import type { SessionPool, StatefulModel } from "../runtime/session-pool.js";
import { staticShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { adamwUpdate, clipFactor, globalNorm, type OptimizerOptions } from "./adamw.js";

export interface TrainingDefinition {
	/** Scalar to minimise, computed from the batch inputs and the parameters. */
	readonly loss: Tensor;
	/** Further scalars to report. */
	readonly metrics?: Readonly<Record<string, Tensor>>;
	/** The parameters to train; those the loss does not depend on only decay. */
	readonly parameters: ParameterScope;
	readonly optimizer: OptimizerOptions;
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
}

/** Loss, gradient norm before clipping, and the metrics asked for. */
export type StepMetrics = Readonly<Record<string, number>> & {
	readonly loss: number;
	readonly gradientNorm: number;
};

export interface Trainer {
	/** One optimiser step on a batch given by input name. */
	step(batch: TensorValues, signal?: AbortSignal): Promise<StepMetrics>;
	state(): Promise<TrainerState>;
	release(): Promise<void>;
}

const FIRST = "adam.first/";
const SECOND = "adam.second/";
const STEP = "adam.step";
const NEXT = "next/";

/**
 * Builds one graph that holds forward pass, gradients, clipping, schedule and AdamW, and keeps parameters and moments in
 * the worker that runs it: a step sends a batch and gets back a few numbers.
 */
export async function createTrainer(pool: SessionPool, definition: TrainingDefinition): Promise<Trainer> {
	const { parameters, start } = definition;
	const names = parameters.specs().map((spec) => spec.name);
	const state = {
		initial: initialState(definition),
		next: Object.fromEntries(stateNames(names).map((name) => [name, NEXT + name])),
	};
	const model = await pool.loadStateful(trainingGraph(definition), state, { arena: true });
	let step = "state" in start ? start.state.step : 0;
	return {
		async step(batch, signal) {
			const values = await model.run(batch, { signal });
			step++;
			return Object.fromEntries(
				Object.entries(values).map(([name, value]) => [name, Number(value.data[0])]),
			) as StepMetrics;
		},
		state: async () => readState(model, names, step),
		release: () => model.release(),
	};
}

const stateNames = (names: readonly string[]) => [STEP, ...names.flatMap((n) => [n, FIRST + n, SECOND + n])];

function trainingGraph({ loss, metrics = {}, parameters, optimizer }: TrainingDefinition): Uint8Array {
	const tensors = [...parameters.tensors()];
	const raw = gradients(
		loss,
		tensors.map(([, tensor]) => tensor),
	);
	const factor = optimizer.clipNorm === undefined ? undefined : clipFactor(raw, optimizer.clipNorm);
	const step = input(STEP, []);
	const outputs: Record<string, Tensor> = { ...metrics, loss, gradientNorm: globalNorm(raw) };
	tensors.forEach(([name, parameter], i) => {
		const moments = {
			first: input(FIRST + name, parameter.shape),
			second: input(SECOND + name, parameter.shape),
		};
		const next = adamwUpdate(parameter, raw[i]!, moments, step, optimizer, factor);
		outputs[NEXT + name] = next.parameter;
		outputs[NEXT + FIRST + name] = next.first;
		outputs[NEXT + SECOND + name] = next.second;
	});
	outputs[NEXT + STEP] = add(step, scalar(1));
	return buildModel({ outputs, name: "training" });
}

function initialState({ parameters, start }: TrainingDefinition): TensorValues {
	const values: Record<string, TensorValue> = { [STEP]: f32(["state" in start ? start.state.step : 0], []) };
	for (const { name, shape } of parameters.specs()) {
		const zeros = () => new Float32Array(staticShape(shape).reduce((a, b) => a * b, 1));
		const from = "state" in start ? start.state : { parameters: start.initial, first: null, second: null };
		values[name] = f32(required(from.parameters, name), shape);
		values[FIRST + name] = f32(from.first?.get(name) ?? zeros(), shape);
		values[SECOND + name] = f32(from.second?.get(name) ?? zeros(), shape);
	}
	return values;
}

function required(values: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
	const value = values.get(name);
	if (value === undefined) throw new Error(`no initial value for the parameter "${name}"`);
	return value;
}

async function readState(
	model: StatefulModel,
	names: readonly string[],
	step: number,
): Promise<TrainerState> {
	const values = await model.readState();
	const part = (prefix: string) => new Map(names.map((n) => [n, values[prefix + n]!.data as Float32Array]));
	return { step, parameters: part(""), first: part(FIRST), second: part(SECOND) };
}
