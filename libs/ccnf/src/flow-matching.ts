import { fillNormal, type Random } from "@archgen/random";
import {
	add,
	f32,
	input,
	mul,
	ParameterScope,
	reduceMean,
	scalar,
	square,
	sub,
	type Tensor,
	type TensorValue,
} from "@archgen/tensor-graph";
import type { CcnfSize } from "./ccnf-size.js";
import { ccnfField } from "./field.js";
import { drawRows, type FlowData } from "./flow-data.js";

export interface FlowMatchingGraph {
	readonly loss: Tensor;
	readonly parameters: ParameterScope;
	/** noise [batch, D], latent [batch, D], t [batch, 1], z [batch, 4]. */
	readonly batch: Tensor[];
}

/**
 * Conditional flow matching (Lipman et al. 2023) along straight paths: with noise x₀, a normalised latent x₁ and
 * x_t = (1 − t) x₀ + t x₁, the field is regressed on the path's velocity,
 *
 *     L = E ‖g(x_t, t, z) − (x₁ − x₀)‖² / D.
 *
 * Its minimiser carries the standard normal at t = 0 to the latents' distribution given z at t = 1. No solver runs in
 * training.
 */
export function flowMatchingLoss(size: CcnfSize, rows: number): FlowMatchingGraph {
	const noise = input("noise", [rows, size.dimension]);
	const latent = input("latent", [rows, size.dimension]);
	const t = input("t", [rows, 1]);
	const z = input("z", [rows, size.condition]);
	const parameters = new ParameterScope();
	const state = add(mul(sub(scalar(1), t), noise), mul(t, latent));
	const velocity = ccnfField(parameters, state, t, z, size);
	const loss = reduceMean(square(sub(velocity, sub(latent, noise))));
	return { loss, parameters, batch: [noise, latent, t, z] };
}

/**
 * One training batch, a function of the random stream alone.
 *
 * Times are stratified, one in each of `rows` equal slices of [0, 1): the same distribution, less variance.
 *
 * @param data normalised latents and their conditions
 */
export function flowMatchingBatch(
	data: FlowData,
	size: CcnfSize,
	rows: number,
	random: Random,
): Record<string, TensorValue> {
	const { latents, conditions } = drawRows(data, size, rows, random);
	const noise = fillNormal(random, new Float32Array(rows * size.dimension));
	const t = Float32Array.from({ length: rows }, (_, row) => (row + random.uniform()) / rows);
	return {
		noise: f32(noise, [rows, size.dimension]),
		latent: f32(latents, [rows, size.dimension]),
		t: f32(t, [rows, 1]),
		z: f32(conditions, [rows, size.condition]),
	};
}
