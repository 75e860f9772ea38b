import { invalidArgument } from "@archgen/errors";
import { solve } from "@archgen/ode";
import { fillNormal, type Random } from "@archgen/random";
import { f32, type LoadedModel } from "@archgen/tensor-graph";
import type { CcnfDescription } from "./export-ccnf.js";
import type { FlowData } from "./flow-data.js";
import { logDeterminant, normalize } from "./moving-batch-norm.js";

/** How the divergence of the field is computed. */
export type Trace =
	/** D vector-Jacobian products an evaluation: no noise, slow for D = 256. */
	| { readonly kind: "exact" }
	/** Hutchinson's estimator with this many Gaussian probes, drawn once and kept along each path. */
	| { readonly kind: "hutchinson"; readonly probes: number; readonly random: Random };

export interface LogDensityOptions {
	readonly trace: Trace;
	readonly signal?: AbortSignal;
	/** Absolute and relative tolerance of the solver, default 1e-5. */
	readonly tolerance?: number;
}

/**
 * ln p of normalised latents by integrating u and its log-density together from t = T back to 0 (eq. 6):
 *
 *     d ln p(u_t) / dt = −Tr ∂g/∂u,   so   ln p(u_T) = ln N(u_0) − ∫₀ᵀ Tr ∂g/∂u dt.
 */
export async function normalizedLogDensity(
	divergence: LoadedModel,
	description: CcnfDescription,
	data: FlowData,
	{ trace, signal, tolerance = 1e-5 }: LogDensityOptions,
): Promise<Float64Array> {
	const { dimension } = description.size;
	const rows = data.latents.length / dimension;
	const probes = probeSet(trace, rows, dimension);
	// State: all of u [rows, D], then one accumulated ∫ Tr for each row.
	const start = new Float64Array(rows * dimension + rows);
	start.set(data.latents);
	const { y } = await solve({
		field: (t, state: Float64Array) =>
			augmentedField(divergence, description, data, probes, t, state, signal),
		y0: start,
		t0: description.endTime,
		t1: 0,
		atol: tolerance,
		rtol: tolerance,
		signal,
	});
	const noise = normalize(description.noiseNorm, Float32Array.from(y.subarray(0, rows * dimension)));
	// Integrating backwards accumulates ∫ from T to 0, which already has the minus sign.
	const accumulated = y.subarray(rows * dimension);
	return accumulated.map(
		(integral, row) =>
			standardNormalLogDensity(noise.subarray(row * dimension, (row + 1) * dimension)) +
			logDeterminant(description.noiseNorm) +
			integral,
	);
}

/** ln N(x; 0, I) in nats. */
export function standardNormalLogDensity(x: Float32Array): number {
	const squares = x.reduce((sum, value) => sum + value * value, 0);
	return -0.5 * (squares + x.length * Math.log(2 * Math.PI));
}

interface ProbeSet {
	/** Each flat [rows, D]. */
	readonly probes: readonly Float32Array[];
	/** Factor of the sum of all probes' traces. */
	readonly scale: number;
}

function probeSet(trace: Trace, rows: number, dimension: number): ProbeSet {
	if (trace.kind === "exact") {
		return {
			probes: Array.from({ length: dimension }, (_, axis) => unitProbe(rows, dimension, axis)),
			scale: 1,
		};
	}
	if (!Number.isSafeInteger(trace.probes) || trace.probes < 1) {
		throw invalidArgument("trace.probes", "must be a whole number of at least 1");
	}
	const draw = () => fillNormal(trace.random, new Float32Array(rows * dimension));
	return { probes: Array.from({ length: trace.probes }, draw), scale: 1 / trace.probes };
}

function unitProbe(rows: number, dimension: number, axis: number): Float32Array {
	return new Float32Array(rows * dimension).map((_, i) => (i % dimension === axis ? 1 : 0));
}

async function augmentedField(
	divergence: LoadedModel,
	{ size }: CcnfDescription,
	data: FlowData,
	{ probes, scale }: ProbeSet,
	t: number,
	state: Float64Array,
	signal?: AbortSignal,
): Promise<Float64Array> {
	const rows = data.latents.length / size.dimension;
	const feeds = {
		u: f32(Float32Array.from(state.subarray(0, rows * size.dimension)), [rows, size.dimension]),
		t: f32(new Float32Array(rows).fill(t), [rows, 1]),
		z: f32(data.conditions, [rows, size.condition]),
	};
	const derivative = new Float64Array(state.length);
	for (const probe of probes) {
		const outputs = await divergence.run({ ...feeds, probe: f32(probe, [rows, size.dimension]) }, { signal });
		derivative.set(outputs.velocity!.data as Float32Array);
		const traces = outputs.trace!.data as Float32Array;
		traces.forEach((value, row) => {
			derivative[rows * size.dimension + row]! += scale * value;
		});
	}
	return derivative;
}
