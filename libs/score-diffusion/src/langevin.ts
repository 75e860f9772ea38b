import { fillNormal, type Random } from "@archgen/random";

/**
 * One step of Langevin dynamics: x ← x + ε s(x) + √(2ε) n with ε = 2 (r ‖n‖/‖s‖)², r the signal-to-noise ratio and the norms averaged over the rows
 * (Song et al. 2021, algorithm 5). For small r its steady state is the density whose score s is.
 *
 * @param x flat [rows, …], changed in place
 * @param score of x
 */
export function langevinStep(
	x: Float32Array,
	score: Float32Array,
	rows: number,
	signalToNoise: number,
	random: Random,
): void {
	const noise = fillNormal(random, new Float32Array(x.length));
	const step = 2 * (signalToNoise * (meanNorm(noise, rows) / meanNorm(score, rows))) ** 2;
	const spread = Math.sqrt(2 * step);
	for (let i = 0; i < x.length; i++) x[i]! += step * score[i]! + spread * noise[i]!;
}

/** Euclidean norm of a row, on average. */
function meanNorm(values: Float32Array, rows: number): number {
	const width = values.length / rows;
	let sum = 0;
	for (let row = 0; row < rows; row++) {
		let squares = 0;
		for (let i = row * width; i < (row + 1) * width; i++) squares += values[i]! ** 2;
		sum += Math.sqrt(squares);
	}
	return sum / rows;
}
