import { solve } from "@archgen/ode";
import { f32, type LoadedModel, type TensorValue } from "@archgen/tensor-graph";
import type { CcnfSize } from "./ccnf-size.js";
import { standardNormalLogDensity } from "./log-density.js";
import { logDeterminant, type Normalization, normalizationOf, normalize } from "./moving-batch-norm.js";

/** Everything that one evaluation of the objective and its gradient depends on. */
export interface NllProblem {
	readonly size: CcnfSize;
	readonly forward: LoadedModel;
	readonly backward: LoadedModel;
	/** Parameters as feeds, by name. */
	readonly parameters: Readonly<Record<string, TensorValue>>;
	/** T. */
	readonly endTime: number;
	readonly noiseNorm: Normalization;
	/** Normalised latents, flat [rows, D]. */
	readonly latents: Float32Array;
	/** Flat [rows, 4]. */
	readonly conditions: Float32Array;
	/** Hutchinson probe, flat [rows, D], kept along the whole path. */
	readonly probe: Float32Array;
	readonly tolerance: number;
	readonly signal?: AbortSignal;
}

export interface NllGradient {
	/** Mean −ln p of the normalised latents, nats. */
	readonly loss: number;
	/** ∂loss/∂θ, all parameters flat in order. */
	readonly parameters: Float32Array;
	/** ∂loss/∂T. */
	readonly endTime: number;
	/** Statistics of the batch at the noise end, for the running average. */
	readonly noise: Normalization;
	readonly evaluations: number;
}

/**
 * Loss and gradient by the adjoint method with Dormand–Prince 5(4) both ways: solve from T to 0 for the noise, then
 * back from 0 to T with the adjoint state. Memory does not grow with the number of steps.
 */
export async function nllGradient(problem: NllProblem): Promise<NllGradient> {
	const { size, latents, endTime, noiseNorm, tolerance, signal } = problem;
	const cells = latents.length;
	const rows = cells / size.dimension;
	const common = { atol: tolerance, rtol: tolerance, signal };
	const there = await solve({
		...common,
		field: (t, y: Float32Array) => forwardField(problem, t, y),
		y0: joined(latents, new Float32Array(rows)),
		t0: endTime,
		t1: 0,
	});
	const noise = there.y.slice(0, cells);
	const standard = normalize(noiseNorm, noise);
	// ∂L/∂u₀ of L = mean(½‖(u₀ − m)/s‖² + …)
	const adjoint = standard.map((value, i) => value / noiseNorm.std[i % size.dimension]! / rows);
	const back = await solve({
		...common,
		field: (t, y: Float32Array) => backwardField(problem, t, y),
		y0: joined(noise, adjoint, new Float32Array(parameterCount(problem))),
		t0: 0,
		t1: endTime,
	});
	const end = await evaluate(problem, problem.forward, endTime, latents);
	return {
		loss: -meanLogDensity(standard, noiseNorm, there.y.subarray(cells), rows),
		parameters: back.y.slice(2 * cells),
		endTime: endTimeGradient(back.y.subarray(cells, 2 * cells), end.velocity, end.trace, rows),
		noise: normalizationOf(noise, size.dimension),
		evaluations: there.evaluations + back.evaluations + 1,
	};
}

async function forwardField(problem: NllProblem, t: number, y: Float32Array): Promise<Float32Array> {
	const { velocity, trace } = await evaluate(problem, problem.forward, t, y.slice(0, problem.latents.length));
	return joined(velocity, trace);
}

async function backwardField(problem: NllProblem, t: number, y: Float32Array): Promise<Float32Array> {
	const cells = problem.latents.length;
	const shape = [cells / problem.size.dimension, problem.size.dimension];
	const adjoint = { adjoint: f32(y.slice(cells, 2 * cells), shape) };
	const rates = await evaluate(problem, problem.backward, t, y.slice(0, cells), adjoint);
	return joined(rates.velocity, rates.adjoint_rate!, rates.parameter_rate!);
}

type Rates = Record<string, Float32Array> & { velocity: Float32Array; trace: Float32Array };

async function evaluate(
	{ size, parameters, conditions, probe, signal }: NllProblem,
	model: LoadedModel,
	t: number,
	u: Float32Array,
	more: Record<string, TensorValue> = {},
): Promise<Rates> {
	const rows = u.length / size.dimension;
	const feeds = {
		...parameters,
		...more,
		u: f32(u, [rows, size.dimension]),
		t: f32(new Float32Array(rows).fill(t), [rows, 1]),
		z: f32(conditions, [rows, size.condition]),
		probe: f32(probe, [rows, size.dimension]),
	};
	const outputs = await model.run(feeds, { signal });
	return Object.fromEntries(
		Object.entries(outputs).map(([name, value]) => [name, value.data as Float32Array]),
	) as Rates;
}

function meanLogDensity(
	standard: Float32Array,
	norm: Normalization,
	integrals: Float32Array,
	rows: number,
): number {
	const integral = integrals.reduce((sum, value) => sum + value, 0) / rows;
	// The density of all rows together is the sum of theirs: the standard normal is a product.
	return standardNormalLogDensity(standard) / rows + logDeterminant(norm) + integral;
}

/** The solve starts at T, so ∂L/∂T = −(a(T)·g + a_ℓ·Tr), with a_ℓ = −1/rows. */
function endTimeGradient(
	adjoint: Float32Array,
	velocity: Float32Array,
	trace: Float32Array,
	rows: number,
): number {
	const along = adjoint.reduce((sum, value, i) => sum + value * velocity[i]!, 0);
	return -(along - trace.reduce((sum, value) => sum + value, 0) / rows);
}

function parameterCount({ parameters }: NllProblem): number {
	return Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
}

function joined(...parts: readonly Float32Array[]): Float32Array {
	const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		result.set(part, offset);
		offset += part.length;
	}
	return result;
}
