import type { Random } from "./random.js";

/** A new array with the items in uniformly random order (Fisher–Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
	const result = [...items];
	for (let i = result.length - 1; i > 0; i--) {
		const j = random.integer(i + 1);
		[result[i], result[j]] = [result[j] as T, result[i] as T];
	}
	return result;
}

/** Fills the array with standard normal values and returns it. */
export function fillNormal(random: Random, target: Float32Array): Float32Array {
	for (let i = 0; i + 1 < target.length; i += 2) {
		// Both Box–Muller values are used here: bulk filling is what costs time.
		const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
		const angle = 2 * Math.PI * random.uniform();
		target[i] = radius * Math.cos(angle);
		target[i + 1] = radius * Math.sin(angle);
	}
	if (target.length % 2 === 1) target[target.length - 1] = random.normal();
	return target;
}

/** Fills the array with values uniform on [low, high) and returns it. */
export function fillUniform(random: Random, target: Float32Array, low: number, high: number): Float32Array {
	for (let i = 0; i < target.length; i++) target[i] = low + (high - low) * random.uniform();
	return target;
}
